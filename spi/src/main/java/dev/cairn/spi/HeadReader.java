package dev.cairn.spi;

import java.nio.ByteBuffer;

/** Reads anywhere in a file that may be anything. Used by one thread at a time. */
public interface HeadReader {
  /**
   * How long the file is.
   *
   * @return bytes, 0 or more
   */
  long sizeBytes();

  /**
   * Fills a buffer from a place in the file, as far as the file reaches.
   *
   * @param offsetBytes 0 or more; may lie behind the end
   * @param into filled from its position towards its limit
   * @return how many bytes were read, 0 or more
   * @throws StorageException {@code io}
   */
  int read(long offsetBytes, ByteBuffer into);
}
