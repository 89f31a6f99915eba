package dev.cairn.snapshot.grpc;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads files that people write: certificates, keys, tokens. */
final class SmallFile {
  /** Larger is none of these: the authorities of a whole system have a fourth of it. */
  private static final long SIZE_BYTES_MAX = 1 << 20;

  private SmallFile() {}

  /**
   * Its text, each byte a character.
   *
   * @throws StorageException as {@link #bytes}
   */
  static String text(Path path) {
    return new String(bytes(path), StandardCharsets.ISO_8859_1);
  }

  /**
   * All of it.
   *
   * @throws StorageException {@code not-found}, {@code io}; {@code limit} for more than a mebibyte
   */
  static byte[] bytes(Path path) {
    try (DiskFile file = LocalDisk.INSTANCE.open(path, Disk.Mode.READ)) {
      long sizeBytes = file.sizeBytes();
      if (sizeBytes > SIZE_BYTES_MAX) {
        throw StorageException.of(
            Code.LIMIT, path, "%,d bytes are no certificate, key or token".formatted(sizeBytes));
      }
      byte[] bytes = new byte[(int) sizeBytes];
      file.readFully(0, ByteBuffer.wrap(bytes));
      return bytes;
    }
  }
}
