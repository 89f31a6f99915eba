package dev.cairn.raft;

import dev.cairn.etcd.EtcdView;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.snap.Snapshotter;
import dev.cairn.spi.Backend;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The database of a member that starts: the one that is there, unless it is older than the snapshot
 * that raft begins from. Then the image that came with that snapshot takes its place.
 */
final class Database {
  private static final Logger LOG = System.getLogger(Database.class.getName());
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MemberConfig config;
  private final Disk disk;
  private final MemberPaths paths;

  Database(MemberConfig config, MemberPaths paths) {
    this.config = config;
    this.disk = config.disk();
    this.paths = paths;
  }

  /** Opens what is there, as soon as nobody else has it open; empty where there is nothing. */
  Optional<Store> open() {
    long start = System.nanoTime();
    long patienceNanos = TimeUnit.MILLISECONDS.toNanos(config.lockWaitMillisMax());
    boolean told = false;
    while (true) {
      try {
        return Optional.of(openNow());
      } catch (StorageException e) {
        if (e.code() == Code.NOT_FOUND && !disk.exists(paths.database())) {
          return Optional.empty();
        }
        long waitedNanos = System.nanoTime() - start;
        if (e.code() != Code.LOCKED || waitedNanos >= patienceNanos) {
          throw e;
        }
        if (!told && waitedNanos >= QUIET_NANOS) {
          told = true;
          LOG.log(Level.INFO, "waiting for the lock of {0}: {1}", paths.database(), e.getMessage());
        }
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private Store openNow() {
    Engine engine = DatabaseFiles.engineOf(disk, paths.database(), config.engine());
    return Store.open(paths.database(), config.store(engine, config.backend()));
  }

  /** As {@link #open()}, where there must be one: no snapshot brings an image. */
  static StorageException missing(Path database) {
    return StorageException.of(
        Code.NOT_FOUND,
        database,
        "database file of the backend is missing; restore it from a snapshot");
  }

  /** Puts the image of a snapshot into the place of an older database, or of none. */
  Store install(Optional<Store> old, RaftSnapshot snapshot, Snapshotter snapshotter) {
    Path image = image(snapshot, snapshotter);
    Engine engine = DatabaseFiles.engineOf(disk, image, config.engine());
    build(engine, image);
    checkIndex(engine, image, snapshot.index());
    Store store = old.isPresent() ? replaced(old.get(), engine) : renamed(engine);
    // Nothing needs it any more: the database holds its content, durably and under its own name.
    disk.delete(image);
    return store;
  }

  private Path image(RaftSnapshot snapshot, Snapshotter snapshotter) {
    try {
      return snapshotter.database(snapshot.index());
    } catch (StorageException e) {
      throw StorageException.of(
          e.code(),
          paths.database(),
          "failed to recover v3 backend from snapshot %s: failed to find database snapshot file (%s)"
              .formatted(Long.toUnsignedString(snapshot.index()), e.getMessage()),
          e);
    }
  }

  /** A copy: until the database has its name the image is there to begin anew. */
  private void build(Engine engine, Path image) {
    engine.files(paths.newDatabase()).forEach(disk::delete);
    try (DiskFile file = disk.open(image, Disk.Mode.READ)) {
      engine.install(new ImageInput(file), file.sizeBytes(), paths.newDatabase());
    } catch (StorageException e) {
      throw StorageException.of(
          e.code(), image, "cannot become the database: " + e.getMessage(), e);
    }
    DatabaseFiles.deleteSidecars(disk, engine, paths.newDatabase());
  }

  private void checkIndex(Engine engine, Path image, long wanted) {
    long found;
    try (Backend backend = engine.open(paths.newDatabase(), config.backend());
        ReadView view = backend.openView()) {
      found = EtcdView.consistentIndex(view);
    }
    DatabaseFiles.deleteSidecars(disk, engine, paths.newDatabase());
    if (Long.compareUnsigned(found, wanted) < 0) {
      disk.delete(paths.newDatabase());
      throw StorageException.of(
          Code.CORRUPT,
          image,
          "database file (index %s) does not match with snapshot (index %s)"
              .formatted(Long.toUnsignedString(found), Long.toUnsignedString(wanted)));
    }
  }

  private Store replaced(Store old, Engine engine) {
    old.replace(paths.newDatabase(), engine, config.backend());
    return old;
  }

  private Store renamed(Engine engine) {
    disk.rename(paths.newDatabase(), paths.database());
    disk.syncDirectory(paths.snap());
    return Store.open(paths.database(), config.store(engine, config.backend()));
  }
}
