package dev.cairn.io;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/**
 * A new file, written from its beginning to its end, past the system's cache where the disk can do
 * so. One thread at a time.
 */
public final class UncachedFile implements WritableByteChannel {
  private final DiskFile file;

  /** Null where all goes the plain way. */
  private final DirectAppender direct;

  private long sizeBytes;
  private boolean open = true;

  private UncachedFile(DiskFile file) {
    this.file = file;
    direct = file instanceof LocalFile local ? new DirectAppender(local) : null;
  }

  /**
   * Makes a file.
   *
   * @param disk where
   * @param file its path; nothing is there yet
   * @return a channel that the caller finishes, and closes in any case
   * @throws dev.cairn.spi.StorageException as {@link Disk#open}
   */
  public static UncachedFile createNew(Disk disk, Path file) {
    return new UncachedFile(disk.open(file, Disk.Mode.CREATE_NEW));
  }

  /**
   * Writes all of a buffer.
   *
   * @param from emptied from its position to its limit
   * @return how much that was
   * @throws ClosedChannelException when closed
   * @throws dev.cairn.spi.StorageException {@code full} or {@code io}, perhaps for what was written
   *     before; the file is of no use then
   */
  @Override
  public int write(ByteBuffer from) throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
    int count = from.remaining();
    if (direct != null) {
      direct.write(from);
    } else {
      file.write(sizeBytes, from);
    }
    sizeBytes += count;
    return count;
  }

  /**
   * Makes all that was written durable, and closes the file.
   *
   * @throws dev.cairn.spi.StorageException as {@link #write}
   */
  public void finish() {
    if (direct != null) {
      direct.finish();
    }
    file.sync();
    close();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /** Closes the file as it is. Idempotent. */
  @Override
  public void close() {
    if (!open) {
      return;
    }
    open = false;
    if (direct != null) {
      direct.close();
    }
    file.close();
  }
}
