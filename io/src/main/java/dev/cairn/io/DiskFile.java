package dev.cairn.io;

import dev.cairn.spi.HeadReader;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * An open file with positional reads and writes. Thread-safe. Every failure is a {@link
 * StorageException} that names the file.
 */
public interface DiskFile extends HeadReader, AutoCloseable {
  /**
   * Which file.
   *
   * @return the path it was opened with
   */
  Path path();

  /**
   * Fills a buffer to its limit.
   *
   * @param offsetBytes where to read from
   * @param into filled from its position to its limit
   * @throws StorageException {@code corrupt} when the file ends before
   */
  default void readFully(long offsetBytes, ByteBuffer into) {
    int wanted = into.remaining();
    int got = read(offsetBytes, into);
    if (got < wanted) {
      throw StorageException.corrupt(
          path(), offsetBytes + got, "ends " + (wanted - got) + " bytes early");
    }
  }

  /**
   * Writes all of a buffer; the file grows where the write reaches behind its end.
   *
   * @param offsetBytes where to write
   * @param from emptied from its position to its limit
   * @throws StorageException {@code full} or {@code io}; part may have been written
   */
  void write(long offsetBytes, ByteBuffer from);

  /**
   * Cuts the file or extends it with zeros.
   *
   * @param lengthBytes the new length
   */
  void setLength(long lengthBytes);

  /**
   * Makes bytes and length durable (fdatasync). After a failure nothing is known about what was
   * written since the last sync, and trying again tells nothing.
   */
  void sync();

  /** Closes the descriptor; it does not sync. Idempotent. */
  @Override
  void close();
}
