package dev.cairn.io;

import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/**
 * A file that appears whole or not at all: bytes go to {@code <name>.part} (mode 0600); {@link
 * #commit()} syncs it, renames it over the target and syncs the directory. Closed without a commit
 * it deletes the part and leaves the target as it was. One thread at a time.
 */
public final class AtomicFile implements WritableByteChannel {
  private final Disk disk;
  private final Path target;
  private final Path part;
  private final DiskFile file;
  private long sizeBytes;
  private boolean open = true;

  private AtomicFile(Disk disk, Path target, Path part, DiskFile file) {
    this.disk = disk;
    this.target = target;
    this.part = part;
    this.file = file;
  }

  /**
   * Starts a file. A part left by a crash is overwritten.
   *
   * @param disk where
   * @param target the name it will have; its directory exists
   * @return a channel to write to, then to commit, and to close in any case
   * @throws StorageException {@code io} or {@code not-found} when the part cannot be made
   */
  public static AtomicFile create(Disk disk, Path target) {
    Path absolute = target.toAbsolutePath();
    Path part = absolute.resolveSibling(absolute.getFileName() + ".part");
    disk.delete(part);
    return new AtomicFile(disk, absolute, part, disk.open(part, Disk.Mode.CREATE_NEW));
  }

  @Override
  public int write(ByteBuffer from) throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
    int count = from.remaining();
    file.write(sizeBytes, from);
    sizeBytes += count;
    return count;
  }

  /**
   * How much has been written.
   *
   * @return bytes
   */
  public long sizeBytes() {
    return sizeBytes;
  }

  /**
   * Makes the file durable under its name and closes this channel. When it throws before the rename
   * the target is as it was; when only the syncing of the directory fails, either may be there
   * after a power cut.
   *
   * @throws StorageException {@code io}
   * @throws IllegalStateException when closed
   */
  public void commit() {
    if (!open) {
      throw new IllegalStateException(target + " is closed");
    }
    file.sync();
    file.close();
    disk.rename(part, target);
    open = false;
    disk.syncDirectory(target.getParent());
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /** Deletes the part unless committed. Idempotent. */
  @Override
  public void close() {
    if (open) {
      open = false;
      file.close();
      disk.delete(part);
    }
  }
}
