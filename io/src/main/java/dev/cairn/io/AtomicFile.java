package dev.cairn.io;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * A file that appears whole or not at all: bytes go to {@code <name>.part} (mode 0600); {@link
 * #commit()} syncs it, gives it the target's name and syncs the directory. Closed without a commit
 * it deletes the part and leaves the target as it was. One thread at a time.
 *
 * <p>The part is locked while it is written, so that of two that write the same target at the same
 * time the second is refused, and a part that nobody holds is known to be left by a crash.
 */
public final class AtomicFile implements WritableByteChannel {
  private static final Set<Code> RACED = EnumSet.of(Code.EXISTS, Code.LOCKED, Code.NOT_FOUND);

  private final Disk disk;
  private final Path target;
  private final boolean replaces;
  private final Path part;
  private final DiskLock lock;
  private final DiskFile file;
  private long sizeBytes;
  private boolean open = true;
  private boolean torn;

  /** Null unless what is written goes past the cache. */
  private DirectAppender direct;

  private AtomicFile(
      Disk disk, Path target, boolean replaces, Path part, DiskLock lock, DiskFile file) {
    this.disk = disk;
    this.target = target;
    this.replaces = replaces;
    this.part = part;
    this.lock = lock;
    this.file = file;
  }

  /**
   * Starts a file that replaces what has its name by then. A part left by a crash is deleted.
   *
   * @param disk where
   * @param target the name it will have; its directory exists
   * @return a channel to write to, then to commit, and to close in any case
   * @throws StorageException {@code not-found} when the directory is absent, {@code locked} when
   *     the same target is being written by another, {@code io} or {@code full} when the part
   *     cannot be made
   */
  public static AtomicFile create(Disk disk, Path target) {
    return create(disk, target, true, Disk.Mode.CREATE_NEW);
  }

  /**
   * The same, for a file that others may read as the process's umask allows.
   *
   * @param disk where
   * @param target the name it will have; its directory exists
   * @return as {@link #create}
   * @throws StorageException as {@link #create}
   */
  public static AtomicFile createReadable(Disk disk, Path target) {
    return create(disk, target, true, Disk.Mode.CREATE_NEW_READABLE);
  }

  /**
   * Starts a file that replaces nothing: it is refused now when its name is there, and at the
   * commit when the name has been taken meanwhile.
   *
   * @param disk where
   * @param target the name it will have; its directory exists
   * @return as {@link #create}
   * @throws StorageException {@code exists}, else as {@link #create}
   */
  public static AtomicFile createNew(Disk disk, Path target) {
    return create(disk, target, false, Disk.Mode.CREATE_NEW);
  }

  private static AtomicFile create(Disk disk, Path target, boolean replaces, Disk.Mode mode) {
    Path absolute = target.toAbsolutePath();
    if (disk.isDirectory(absolute)) {
      throw StorageException.of(
          replaces ? Code.IO : Code.EXISTS, target, "is a directory; name a file");
    }
    if (!replaces && disk.exists(absolute)) {
      throw StorageException.of(Code.EXISTS, target, "exists already; it is not replaced");
    }
    if (!disk.isDirectory(absolute.getParent())) {
      throw StorageException.of(
          Code.NOT_FOUND, target, "its directory does not exist; make that first");
    }
    Path part = absolute.resolveSibling(absolute.getFileName() + ".part");
    deleteStale(disk, part);
    DiskLock lock = makeAndLock(disk, part, mode);
    try {
      // Opened by name only now: whoever had made it, nobody takes the name away from its lock.
      DiskFile file = disk.open(part, Disk.Mode.READ_WRITE);
      if (file.sizeBytes() != 0) {
        file.close();
        throw beingWritten(part, null);
      }
      return new AtomicFile(disk, absolute, replaces, part, lock, file);
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /** It is deleted, not emptied: a crash may have left it as a second name of a finished file. */
  private static void deleteStale(Disk disk, Path part) {
    if (!disk.exists(part)) {
      return;
    }
    try (DiskLock stale = disk.lock(part, false)) {
      disk.delete(stale.path());
    } catch (StorageException e) {
      if (e.code() == Code.LOCKED) {
        throw beingWritten(part, e);
      }
      if (e.code() != Code.NOT_FOUND) {
        throw e;
      }
    }
  }

  private static DiskLock makeAndLock(Disk disk, Path part, Disk.Mode mode) {
    try {
      disk.open(part, mode).close();
      return disk.lock(part, false);
    } catch (StorageException e) {
      throw RACED.contains(e.code()) ? beingWritten(part, e) : e;
    }
  }

  private static StorageException beingWritten(Path part, StorageException cause) {
    return StorageException.of(
        Code.LOCKED, part, "is being written by another one; wait until that ends", cause);
  }

  /**
   * Lets what is written go past the system's cache, where the disk can do so: for a large file
   * that nobody reads soon. Called before the first write.
   *
   * @return this
   * @throws IllegalStateException when something was written
   */
  public AtomicFile uncached() {
    if (sizeBytes > 0) {
      throw new IllegalStateException(target + ": something was written already");
    }
    if (file instanceof LocalFile local && direct == null) {
      direct = new DirectAppender(local);
    }
    return this;
  }

  @Override
  public int write(ByteBuffer from) throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
    int count = from.remaining();
    torn = true;
    if (direct != null) {
      direct.write(from);
    } else {
      file.write(sizeBytes, from);
    }
    torn = false;
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
   * The file under its passing name, to be read back and corrected before it is committed. What is
   * written to it directly does not count as written here. All that was written is in it; what is
   * written from now on goes through the cache.
   *
   * @return this channel's own, not to be closed by the caller
   */
  public DiskFile file() {
    finishDirect();
    return file;
  }

  private void finishDirect() {
    if (direct != null) {
      direct.finish();
      direct = null;
    }
  }

  /**
   * Makes the file durable under its name and closes this channel. When it throws before the name
   * is given the target is as it was; when only the syncing of the directory fails, either may be
   * there after a power cut.
   *
   * @throws StorageException {@code io} or {@code full}; {@code exists} when it must not replace
   *     and the name is taken
   * @throws IllegalStateException when closed, or when a write failed
   */
  public void commit() {
    if (!open || torn) {
      throw new IllegalStateException(target + (open ? ": a write failed" : " is closed"));
    }
    finishDirect();
    file.sync();
    file.close();
    if (replaces) {
      disk.rename(part, target);
    } else {
      disk.renameNew(part, target);
    }
    open = false;
    lock.close();
    disk.syncDirectory(target.getParent());
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /** Deletes the part unless committed. Idempotent. */
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
    try {
      disk.delete(part);
    } finally {
      lock.close();
    }
  }
}
