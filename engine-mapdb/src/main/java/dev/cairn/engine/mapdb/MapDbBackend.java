package dev.cairn.engine.mapdb;

import dev.cairn.engine.support.BackendBase;
import dev.cairn.engine.support.Identity;
import dev.cairn.engine.support.Pin;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskLock;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.spi.BackendStats;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** An open store: MapDB writes to a volume, whose pages go to the journal and then to the file. */
final class MapDbBackend extends BackendBase {
  /**
   * What is there when a store is opened; all of it is this backend's to close.
   *
   * @param journal empty; null for a store that is opened read-only
   */
  record Opened(Disk disk, DiskLock lock, Identity identity, Versions versions, Journal journal) {}

  private static final long NOT_COUNTED = -1;
  private static final System.Logger LOG = System.getLogger(MapDbBackend.class.getName());

  private final Opened opened;
  private final Versions versions;
  private final Journal journal;
  private final long checkpointBytes;
  private final StoreVolume volume;
  private StoreWriter writer;
  private volatile long liveBytes = NOT_COUNTED;
  private boolean failed;

  MapDbBackend(Path store, BackendConfig config, Opened opened, MapDbOptions options) {
    super(store, MapDbEngine.INFO, config);
    this.opened = opened;
    versions = opened.versions;
    journal = opened.journal;
    checkpointBytes = options.checkpointBytes();
    volume = new StoreVolume(versions);
    if (journal != null) {
      liveBytes = countLiveBytes();
    }
  }

  /** MapDB walks its lists of free space for it, which takes longer than the rest of an opening. */
  private long countLiveBytes() {
    return guarded(() -> writer().liveBytes());
  }

  /** MapDB does not expect damaged bytes; whatever it throws then is damage. */
  private <T> T guarded(Supplier<T> call) {
    try {
      return call.get();
    } catch (StorageException e) {
      throw e;
    } catch (RuntimeException | AssertionError | IllegalAccessError e) {
      throw StorageException.of(
          Code.CORRUPT, store(), "MapDB finds it damaged; restore a snapshot: " + e, e);
    }
  }

  private StoreWriter writer() {
    if (writer == null) {
      writer = new StoreWriter(volume);
    }
    return writer;
  }

  @Override
  protected void apply(Batch batch) {
    failed = true;
    try {
      long live = guarded(() -> writer().apply(batch));
      write();
      versions.publish(volume.changed(), volume.count());
      liveBytes = live;
      checkpointWhenDue();
      failed = false;
    } catch (RuntimeException | Error e) {
      // MapDB remembers what it did: the next batch is for one that starts from what is committed.
      writer = null;
      throw e;
    } finally {
      volume.discard();
    }
  }

  private void write() {
    try {
      versions.reserve(volume.count());
      journal.append(Versions.sorted(volume.changed()), volume);
    } catch (StorageException e) {
      if (e.code() == Code.FULL) {
        takeBack();
        failed = false;
      }
      throw e;
    }
    if (config().durability() == Durability.SYNC) {
      syncJournal();
    }
  }

  /** Frees what a batch took that did not find room. */
  private void takeBack() {
    try {
      journal.takeBack();
      versions.unreserve();
    } catch (StorageException e) {
      throw StorageException.of(Code.IO, store(), "cannot be cut back; open it anew", e);
    }
  }

  /** After a failed sync nothing is known of the journal, whatever the reason was. */
  private void syncJournal() {
    try {
      journal.sync();
    } catch (StorageException e) {
      throw StorageException.of(Code.IO, store(), "cannot be synced; open it anew", e);
    }
  }

  private void checkpointWhenDue() {
    boolean due = versions.changedBytes() > checkpointBytes;
    if (due || journal.endBytes() > 2 * checkpointBytes) {
      if (checkpoint()) {
        resetJournal();
      }
    }
  }

  private void resetJournal() {
    try {
      journal.reset(2 * checkpointBytes);
    } catch (StorageException e) {
      throw StorageException.of(Code.IO, store(), "cannot be synced; open it anew", e);
    }
  }

  /**
   * Brings the main file up to date, false when the disk is too full for that: the journal then
   * goes on. A record without pages says first, for good, that all before it were synced, so that
   * damage to the last of them cannot pass for a power cut while the main file is being changed.
   */
  private boolean checkpoint() {
    try {
      journal.append(new long[0], volume);
    } catch (StorageException e) {
      return afterFull(e);
    }
    syncJournal();
    try {
      versions.writeFile();
    } catch (StorageException e) {
      if (e.code() == Code.FULL) {
        return false;
      }
      throw e;
    }
    try {
      versions.syncFile();
    } catch (StorageException e) {
      throw StorageException.of(Code.IO, store(), "cannot be synced; open it anew", e);
    }
    return true;
  }

  private boolean afterFull(StorageException e) {
    if (e.code() != Code.FULL) {
      throw e;
    }
    takeBack();
    return false;
  }

  @Override
  protected void force() {
    if (config().durability() == Durability.SYNC) {
      return;
    }
    failed = true;
    syncJournal();
    failed = false;
  }

  @Override
  protected Set<Bucket> currentBuckets() {
    return guarded(() -> writer().buckets());
  }

  @Override
  protected long pinnedBytes() {
    return versions.pinnedBytes();
  }

  @Override
  protected long liveBytes() {
    if (liveBytes == NOT_COUNTED) {
      liveBytes = countLiveBytes();
    }
    return liveBytes;
  }

  @Override
  public ReadView openView() {
    return pinned(ContentView::new);
  }

  @Override
  public Snapshot snapshot() {
    return pinned(MapDbSnapshot::new);
  }

  private <T> T pinned(BiFunction<Pin, Pages, T> handle) {
    Pin pin = pins().begin();
    try {
      Pinned pages = versions.pin();
      pin.releaseWith(pages::release);
      return handle.apply(pin, pages);
    } catch (RuntimeException | Error e) {
      pin.close();
      throw e;
    } finally {
      pin.exit();
    }
  }

  @Override
  public BackendStats stats() {
    return whileOpen(
        () ->
            new BackendStats(
                opened.identity.storeId(),
                versions.fileBytes(),
                liveBytes(),
                pinnedBytes(),
                pins().count(),
                pins().oldestMillis(),
                pins().revokedCount(),
                commitCount()));
  }

  @Override
  protected void free() {
    try {
      if (journal != null) {
        closeJournal();
      }
    } finally {
      closeFiles();
    }
  }

  /** Should a power cut bring it back, all of it is in the main file, and may be again. */
  private void closeJournal() {
    boolean empty = false;
    try {
      empty = !failed && (journal.isEmpty() || checkpoint());
    } catch (StorageException e) {
      // Every commit is in the journal, and the next opener replays it.
      LOG.log(System.Logger.Level.WARNING, store() + ": its journal is left: " + e.getMessage());
    } finally {
      journal.close();
    }
    if (empty) {
      delete(Sidecars.journal(store()), Journal.IDENTITY_AT);
    }
  }

  private void delete(Path sidecar, long identityAt) {
    try {
      Sidecars.deleteOwn(opened.disk, sidecar, identityAt, opened.identity);
    } catch (StorageException e) {
      LOG.log(System.Logger.Level.WARNING, "a file of no more use is left: " + e.getMessage());
    }
  }

  private void closeFiles() {
    try {
      versions.close();
      delete(Sidecars.spill(store()), Spill.IDENTITY_AT);
    } finally {
      opened.lock.close();
    }
  }
}
