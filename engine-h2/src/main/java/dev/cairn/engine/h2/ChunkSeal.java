package dev.cairn.engine.h2;

import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * A checksum over a whole chunk, in the chunk: MVStore pads the line of text that begins a chunk
 * with spaces, and the last of them hold {@code ,crc:} and the CRC32C of the chunk as it is with
 * the spaces, in eight hexadecimal digits. MVStore passes over fields that it does not know.
 */
final class ChunkSeal {
  private static final String NAME = ",crc:";
  private static final int BYTES = NAME.length() + 8;
  private static final int LINE_BYTES_MAX = 1024;
  private static final int READ_BYTES = 1 << 18;

  private ChunkSeal() {}

  /**
   * Seals a chunk.
   *
   * @param chunk all of it, from position 0; only the padding is changed
   * @return the CRC32C of the chunk as it is then
   */
  static int seal(ByteBuffer chunk) {
    int end = lineEnd(chunk);
    for (int at = end - BYTES - 1; at < end; at++) {
      if (chunk.get(at) != ' ') {
        throw new IllegalStateException("a chunk's header has no room for a checksum");
      }
    }
    // Behind the last field, where no space is left between them.
    int at = end - BYTES;
    while (chunk.get(at - 1) == ' ') {
      at--;
    }
    String crc = NAME + "%08x".formatted(crc(chunk));
    chunk.put(at, crc.getBytes(StandardCharsets.US_ASCII));
    return crc(chunk);
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  private static int lineEnd(ByteBuffer chunk) {
    for (int at = 0; at < Math.min(LINE_BYTES_MAX, chunk.limit()); at++) {
      if (chunk.get(at) == '\n') {
        return at;
      }
    }
    return -1;
  }

  /**
   * Reads a chunk to its end.
   *
   * @param bytes a multiple of the block size; lies within the file
   * @throws StorageException {@code corrupt} when its checksum is wrong or absent
   */
  static void check(DiskFile file, long atBytes, long bytes) {
    ByteBuffer part = ByteBuffer.allocate((int) Math.min(READ_BYTES, bytes));
    CRC32C crc = new CRC32C();
    int expected = 0;
    for (long done = 0; done < bytes; done += part.limit()) {
      part.clear().limit((int) Math.min(part.capacity(), bytes - done));
      file.readFully(atBytes + done, part);
      part.flip();
      if (done == 0) {
        expected = takeOut(part, file, atBytes);
      }
      crc.update(part.duplicate());
    }
    if ((int) crc.getValue() != expected) {
      throw StorageException.corrupt(file.path(), atBytes, "a chunk has a wrong checksum");
    }
  }

  /** Puts the spaces back, and gives the checksum that stood there. */
  private static int takeOut(ByteBuffer start, DiskFile file, long atBytes) {
    int end = lineEnd(start);
    String line = new String(start.array(), 0, Math.max(end, 0), StandardCharsets.ISO_8859_1);
    int at = line.lastIndexOf(NAME);
    try {
      int expected = Integer.parseUnsignedInt(line, at + NAME.length(), at + BYTES, 16);
      start.put(at, " ".repeat(BYTES).getBytes(StandardCharsets.US_ASCII));
      return expected;
    } catch (IndexOutOfBoundsException | NumberFormatException none) {
      throw StorageException.corrupt(file.path(), atBytes, "a chunk has no checksum");
    }
  }
}
