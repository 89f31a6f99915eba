package com.example.cairn.shelf;

import com.example.cairn.shelf.Head.Kind;
import dev.cairn.engine.support.BackendBase;
import dev.cairn.engine.support.Pin;
import dev.cairn.io.AtomicFile;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskLock;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.BackendStats;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * An open shelf. A commit writes the changed buckets anew, sorted, into one more file; that file's
 * name is what publishes it. Closing folds the shelf: the main file is then the store alone.
 */
final class ShelfBackend extends BackendBase {
  /** Once a store has as many files, the next commit takes all buckets along. */
  private static final int FILES_MAX = 64;

  private static final System.Logger LOG = System.getLogger(ShelfBackend.class.getName());

  private final Disk disk;
  private final Names names;
  private final DiskLock lock;
  private final Head head;
  private final Versions versions;
  private volatile boolean failed;

  ShelfBackend(Disk disk, Path store, Version first, DiskLock lock, BackendConfig config) {
    super(store, ShelfEngine.INFO, config);
    this.disk = disk;
    this.names = new Names(disk, store);
    this.lock = lock;
    this.head = first.files().get(0L).head();
    this.versions = new Versions(first);
    if (isWritable()) {
      clean();
    }
  }

  private boolean isWritable() {
    return config().access() != Access.READ_ONLY;
  }

  /** Removes what a crash has left: of batches that were replaced, or cut short while written. */
  private void clean() {
    Version version = versions.current();
    for (Path each : names.sidecars()) {
      if (version.files().keySet().stream().noneMatch(number -> each.equals(batch(number)))) {
        disk.delete(each);
      }
    }
  }

  private Path batch(long number) {
    return names.batch(head.base(), number);
  }

  @Override
  protected void apply(Batch batch) {
    Version before = versions.current();
    Head next = new Head(Kind.BATCH, head.identity(), head.base(), before.number() + 1);
    try {
      SortedMap<Bucket, Place> places = write(batch, before, next);
      publish(before, next.number(), places);
    } catch (IOException e) {
      throw StorageException.of(Code.IO, store(), "cannot be written: " + e.getMessage(), e);
    } catch (StorageException e) {
      failed = failed || e.code() != Code.FULL;
      throw e;
    }
  }

  private SortedMap<Bucket, Place> write(Batch batch, Version before, Head next)
      throws IOException {
    try (AtomicFile file = AtomicFile.createNew(disk, batch(next.number()))) {
      ShelfWriter out = new ShelfWriter(file, next);
      new Merge(before, out).pour(batch, before.files().size() >= FILES_MAX);
      out.finish(1);
      commit(file);
      return out.places();
    }
  }

  /** From the sync on nobody knows what is on the disk, whatever the failure is called. */
  private void commit(AtomicFile file) {
    try {
      file.commit();
    } catch (StorageException e) {
      throw StorageException.of(Code.IO, store(), "a commit has an unknown outcome; open anew", e);
    }
  }

  private void publish(Version before, long number, SortedMap<Bucket, Place> places) {
    SortedMap<Long, ShelfFile> files = new TreeMap<>();
    files.put(0L, before.files().get(0L));
    files.put(number, ShelfFile.open(disk, batch(number), Kind.BATCH));
    for (Place place : places.values()) {
      files.computeIfAbsent(place.number(), before.files()::get);
    }
    versions.replace(new Version(number, places, files));
    for (long old : before.files().keySet()) {
      if (!files.containsKey(old)) {
        forget(batch(old));
      }
    }
  }

  /**
   * The name goes at once and the bytes with the last pin, as an open file can be read on. Not when
   * the pin goes: by then the store may have been moved aside, and another one have these names.
   */
  private void forget(Path file) {
    try {
      disk.delete(file);
    } catch (StorageException e) {
      // The batch is committed; the next opener removes the file.
      LOG.log(System.Logger.Level.WARNING, "a file that is not needed is left", e);
    }
  }

  @Override
  protected void force() {
    // Every commit was synced.
  }

  @Override
  protected Set<Bucket> currentBuckets() {
    return versions.current().places().keySet();
  }

  @Override
  public ReadView openView() {
    return pinned(ShelfView::new);
  }

  @Override
  public Snapshot snapshot() {
    return pinned(ShelfSnapshot::new);
  }

  private <T> T pinned(BiFunction<Pin, Version, T> handle) {
    Pin pin = pins().begin();
    try {
      Version version = versions.pin();
      pin.releaseWith(() -> versions.letGo(version));
      return handle.apply(pin, version);
    } finally {
      pin.exit();
    }
  }

  @Override
  protected long pinnedBytes() {
    return versions.pinnedBytes();
  }

  @Override
  protected long liveBytes() {
    return versions.current().liveBytes();
  }

  @Override
  public BackendStats stats() {
    return whileOpen(
        () ->
            new BackendStats(
                head.identity().storeId(),
                versions.current().fileBytes(),
                liveBytes(),
                pinnedBytes(),
                pins().count(),
                pins().oldestMillis(),
                pins().revokedCount(),
                commitCount()));
  }

  @Override
  protected void free() {
    Version last = versions.current();
    try {
      if (isWritable() && !failed && last.number() > 0 && isStillHere()) {
        fold(last);
      }
    } finally {
      versions.letGo(last);
      lock.close();
    }
  }

  /** Whoever replaces a store moves the open one aside: the names are then another one's. */
  private boolean isStillHere() {
    if (!disk.exists(store())) {
      return false;
    }
    try (ShelfFile there = ShelfFile.open(disk, store(), Kind.STORE)) {
      return there.head().equals(head);
    } catch (StorageException anotherEngines) {
      return false;
    }
  }

  /** The files of the base before are nobody's once the main file says that it is the next one. */
  private void fold(Version last) {
    Head next = new Head(Kind.STORE, head.identity(), head.base() + 1, 0);
    try (AtomicFile file = AtomicFile.create(disk, store())) {
      last.writeWhole(new ShelfWriter(file, next));
      file.commit();
    } catch (IOException e) {
      throw StorageException.of(Code.IO, store(), "cannot be written: " + e.getMessage(), e);
    }
    for (long number : last.files().keySet()) {
      if (number > 0) {
        forget(batch(number));
      }
    }
  }
}
