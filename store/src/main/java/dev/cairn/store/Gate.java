package dev.cairn.store;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskLock;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Keeps others out while a store's files have no owner: as it is being opened, and as its file is
 * being replaced, when for a moment no backend holds the name. A lock on {@code <name>.gate}, a
 * file that is there only so long.
 */
final class Gate {
  /** Who holds it goes on soon: an opener is refused by the engine, a replacement is a rename. */
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  /** Its owner has no other choice, and an opener in its way is refused, however slow it is. */
  private static final long OWNER_PATIENCE_NANOS = 60_000_000_000L;

  private static final long PAUSE_NANOS = 500_000;

  private final Disk disk;
  private final Path store;
  private final Path file;
  private final long patienceNanos;

  Gate(Disk disk, Path store) {
    this(disk, store, PATIENCE_NANOS);
  }

  /** The gate of a store for who has it open. */
  static Gate ofOwner(Disk disk, Path store) {
    return new Gate(disk, store, OWNER_PATIENCE_NANOS);
  }

  private Gate(Disk disk, Path store, long patienceNanos) {
    this.patienceNanos = patienceNanos;
    this.disk = disk;
    this.store = store;
    this.file = store.resolveSibling(store.getFileName() + ".gate");
  }

  /** Runs something with the gate shut; {@code locked} when somebody else keeps it shut. */
  <T> T shut(Supplier<T> action) {
    DiskLock lock = lock(false);
    try {
      return action.get();
    } finally {
      open(lock);
    }
  }

  /** Runs something of a reader's, which creates nothing, once the gate is open. */
  <T> T pass(Supplier<T> action) {
    DiskLock lock = disk.exists(file) ? lock(true) : null;
    try {
      return action.get();
    } finally {
      if (lock != null) {
        lock.close();
      }
    }
  }

  /** Null for a reader when the file went away: who held it is done. */
  private DiskLock lock(boolean shared) {
    long endNanos = System.nanoTime() + patienceNanos;
    while (true) {
      try {
        if (!shared) {
          create();
        }
        return disk.lock(file, shared);
      } catch (StorageException e) {
        if (e.code() == Code.NOT_FOUND && shared) {
          return null;
        }
        boolean passing = e.code() == Code.LOCKED || (e.code() == Code.NOT_FOUND && directory());
        if (!passing || System.nanoTime() > endNanos) {
          throw translated(e);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private boolean directory() {
    return disk.exists(file.getParent());
  }

  private void create() {
    disk.open(file, Disk.Mode.CREATE).close();
  }

  private StorageException translated(StorageException e) {
    if (e.code() == Code.LOCKED) {
      String what = "is being opened or replaced by another opener; try again";
      return StorageException.of(Code.LOCKED, store, what, e);
    }
    return e.code() == Code.NOT_FOUND
        ? StorageException.of(Code.NOT_FOUND, store, "its directory does not exist", e)
        : e;
  }

  /** The name goes before the lock does, so that nobody keeps a lock on a name that is gone. */
  private void open(DiskLock lock) {
    try {
      disk.delete(file);
    } finally {
      lock.close();
    }
  }
}
