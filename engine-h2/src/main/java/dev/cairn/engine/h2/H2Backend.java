package dev.cairn.engine.h2;

import dev.cairn.engine.support.BackendBase;
import dev.cairn.engine.support.Identity;
import dev.cairn.engine.support.Pin;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.DiskLock;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendStats;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** An open store, for reading and writing or for reading only. */
final class H2Backend extends BackendBase {
  /** What is there when a store is opened; all of it is this backend's to close. */
  record Opened(Disk disk, DiskLock lock, DiskFile file, Maps maps) {}

  private static final System.Logger LOG = System.getLogger(H2Backend.class.getName());

  /** Room that a commit may take beside its batch: paths to the root, and the layout. */
  private static final long COMMIT_BYTES = 1 << 20;

  private final Opened opened;
  private final H2Options options;
  private final Maps maps;
  private final byte[] identity;
  private final String storeId;
  private final boolean relaxed;

  /** How much had been replaced when each pin was made, oldest first. */
  private final Map<Pin, Long> pinned = new LinkedHashMap<>();

  private volatile Version current;
  private boolean sound = true;

  H2Backend(Path store, BackendConfig config, H2Options options, Opened opened) {
    super(store, H2Engine.INFO, config);
    this.opened = opened;
    this.options = options;
    maps = opened.maps;
    identity = maps.disk().point().header().identity();
    storeId = Identity.decode(identity, H2Engine.FORMAT_VERSION, store).storeId();
    relaxed = config.durability() == BackendConfig.Durability.RELAXED;
    current = new Version(maps);
  }

  @Override
  protected void apply(Batch batch) {
    checkRoom(batch);
    sound = false;
    try {
      new BatchWriter(maps, options.unsavedBytesMax()).apply(batch);
      makeRoom();
      maps.store().commit();
      makeCommitPoint();
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      throw H2Errors.ofCommit(store(), e);
    }
    publish();
    sound = true;
  }

  private void makeCommitPoint() {
    if (relaxed) {
      long unsyncedBytesMax = liveBytes() + options.slackBytes();
      maps.disk().relaxedPoint(identity, unsyncedBytesMax);
    } else {
      maps.disk().commitPoint(identity);
    }
  }

  /** MVStore cannot take a commit back that has failed, so want of space is looked for before. */
  private void checkRoom(Batch batch) {
    long wantedBytes = 2 * batch.sizeBytes() + COMMIT_BYTES;
    if (opened.disk.freeBytes(store().toAbsolutePath().getParent()) < wantedBytes) {
      throw StorageException.of(
          Code.FULL, store(), "no space left on the device for a commit; free some and try again");
    }
  }

  /**
   * Keeps the chunks below twice what lives, a bounded step at each commit. What pins keep is not
   * counted, nor what is dead and waits to be dropped: moving pages would free nothing of it and
   * only add to it, so that one move would be the reason for the next.
   */
  private void makeRoom() {
    Space space = maps.disk().space();
    long keptBytes = Math.max(pinnedBytes(), space.deadBytes());
    if (space.chunkBytes() - keptBytes > 2 * space.liveBytes() + options.slackBytes()) {
      maps.disk().compact(options.compactBytesMax());
    }
  }

  private void publish() {
    Version before = current;
    current = new Version(maps);
    before.release();
  }

  @Override
  protected void force() {
    // Otherwise every commit is durable when it returns.
    if (relaxed) {
      maps.disk().syncRelaxed();
    }
  }

  @Override
  protected Set<Bucket> currentBuckets() {
    return current.buckets();
  }

  @Override
  public ReadView openView() {
    Pin pin = pins().begin();
    try {
      return new H2View(pin, store(), pinNewest(pin, () -> {}));
    } finally {
      pin.exit();
    }
  }

  @Override
  public Snapshot snapshot() {
    Pin pin = pins().begin();
    try {
      maps.disk().snapshotOpened();
      return new H2Snapshot(pin, opened.file, pinNewest(pin, maps.disk()::snapshotClosed));
    } finally {
      pin.exit();
    }
  }

  private Version pinNewest(Pin pin, Runnable released) {
    Version version = hold();
    note(pinned -> pinned.put(pin, maps.disk().space().removedBytes()));
    pin.releaseWith(
        () -> {
          note(pinned -> pinned.remove(pin));
          version.release();
          released.run();
        });
    return version;
  }

  private void note(Consumer<Map<Pin, Long>> change) {
    synchronized (pinned) {
      change.accept(pinned);
    }
  }

  /** The newest version; a commit that lets it go at this moment has put a newer one there. */
  private Version hold() {
    Version version = current;
    while (!version.hold()) {
      version = current;
    }
    return version;
  }

  @Override
  protected long pinnedBytes() {
    synchronized (pinned) {
      return pinned.isEmpty()
          ? 0
          : maps.disk().space().removedBytes() - pinned.values().iterator().next();
    }
  }

  @Override
  protected long liveBytes() {
    return maps.disk().space().liveBytes();
  }

  @Override
  public BackendStats stats() {
    return whileOpen(
        () ->
            new BackendStats(
                storeId,
                opened.file.sizeBytes(),
                liveBytes(),
                pinnedBytes(),
                pins().count(),
                pins().oldestMillis(),
                pins().revokedCount(),
                commitCount()));
  }

  @Override
  protected void free() {
    if (config().access() != BackendConfig.Access.READ_ONLY && sound && commitCount() > 0) {
      settle();
    }
    maps.close();
    opened.file.close();
    opened.lock.close();
  }

  private void settle() {
    try {
      maps.disk().settle();
    } catch (StorageException e) {
      LOG.log(System.Logger.Level.WARNING, store() + ": the older header is left as it was", e);
    }
  }
}
