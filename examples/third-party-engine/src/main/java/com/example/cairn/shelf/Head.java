package com.example.cairn.shelf;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The first bytes of every file of a shelf: {@code magic (8 bytes), identity (24), u64 base, u64
 * number, u32 CRC32C}, big-endian.
 *
 * @param kind what the file is
 * @param identity whose it is; {@link #NOBODY} in an image
 * @param base rises by one each time the shelf is folded; 0 in an image
 * @param number of the batch since then; 0 in a store file and in an image
 */
record Head(Kind kind, Identity identity, long base, long number) {
  static final int FORMAT_VERSION = 1;
  static final int SIZE_BYTES = 8 + Identity.SIZE_BYTES + 8 + 8 + 4;
  static final Identity NOBODY = new Identity(FORMAT_VERSION, "0".repeat(32));

  /** What a file is. */
  enum Kind {
    STORE("shelf-st"),
    BATCH("shelf-bt"),
    IMAGE("shelf-im");

    private final byte[] magic;

    Kind(String magic) {
      this.magic = magic.getBytes(StandardCharsets.US_ASCII);
    }

    boolean starts(byte[] bytes) {
      return bytes.length >= magic.length
          && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
    }
  }

  static Head ofImage() {
    return new Head(Kind.IMAGE, NOBODY, 0, 0);
  }

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(SIZE_BYTES);
    bytes.put(kind.magic).put(identity.encode()).putLong(base).putLong(number);
    return bytes.putInt(sum(bytes.array())).flip();
  }

  private static int sum(byte[] head) {
    CRC32C crc = new CRC32C();
    crc.update(head, 0, SIZE_BYTES - 4);
    return (int) crc.getValue();
  }

  /**
   * Reads the head of a file that may be anything.
   *
   * @throws StorageException {@code unsupported} for another kind of file or a newer version,
   *     {@code corrupt} for damage
   */
  static Head read(DiskFile file, Kind wanted) {
    Path path = file.path();
    ByteBuffer bytes = ByteBuffer.allocate(SIZE_BYTES);
    int count = file.read(0, bytes);
    if (!wanted.starts(Arrays.copyOf(bytes.array(), count))) {
      throw StorageException.of(
          Code.UNSUPPORTED, path, "is not what a shelf has here; open it with what made it");
    }
    if (count < SIZE_BYTES) {
      throw StorageException.corrupt(path, count, "ends within its head");
    }
    byte[] identity = new byte[Identity.SIZE_BYTES];
    bytes.flip().position(wanted.magic.length).get(identity);
    // Before the sum is looked at: a newer version may keep it elsewhere.
    Identity owner = Identity.decode(identity, FORMAT_VERSION, path);
    Head head = new Head(wanted, owner, bytes.getLong(), bytes.getLong());
    if (bytes.getInt() != sum(bytes.array())) {
      throw StorageException.corrupt(path, 0, "its head is damaged; restore a snapshot");
    }
    return head;
  }
}
