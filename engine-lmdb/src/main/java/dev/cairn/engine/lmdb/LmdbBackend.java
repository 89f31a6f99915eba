package dev.cairn.engine.lmdb;

import dev.cairn.engine.support.BackendBase;
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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Set;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/** A store open for reading and writing, through LMDB. */
final class LmdbBackend extends BackendBase {
  /** What is there when a store is opened; all of it is this backend's to close. */
  record Opened(Disk disk, DiskLock lock, DiskFile file, LmdbEnv env, Catalog catalog) {}

  private static final int SLOTS_STEP = 16;

  private final Opened opened;
  private final LmdbEnv env;
  private final PinnedPages pinned = new PinnedPages();
  private SlotTable slots;
  private volatile long livePages;

  /**
   * @param newest the version that was found
   */
  LmdbBackend(Path store, BackendConfig config, Opened opened, Version newest) {
    super(store, LmdbEngine.INFO, config);
    this.opened = opened;
    env = opened.env;
    slots = SlotTable.of(opened.catalog.slots());
    livePages = LivePages.count(newest);
  }

  @Override
  protected void apply(Batch batch) {
    while (!applied(batch)) {
      if (!env.grow()) {
        String what = "needs more than lmdb.mapSizeBytesMax; delete, defragment or raise it";
        throw StorageException.of(Code.FULL, store(), what);
      }
    }
  }

  /** Tries once; false, with no effect, when the map is too small. */
  private boolean applied(Batch batch) {
    try {
      addSlots(batch);
      SlotTable changed = slots.copy();
      Meta meta = write(batch, changed);
      slots = changed;
      if (meta != null) {
        committed(meta);
      }
      return true;
    } catch (Env.MapFullException tooSmall) {
      return false;
    } catch (RuntimeException e) {
      throw commitFailure(batch, e);
    }
  }

  private Meta write(Batch batch, SlotTable changed) {
    try (Txn<NativeBytes> txn = env.beginWrite()) {
      BatchWriter writer = new BatchWriter(env, txn, changed);
      writer.apply(batch);
      return env.commit(txn);
    }
  }

  private void addSlots(Batch batch) {
    int needed = slots.size();
    for (Batch.Change change : batch.changes()) {
      boolean exists = slots.contains(change.bucket());
      if (change.mode() == Batch.Mode.DROP) {
        needed -= exists ? 1 : 0;
      } else {
        needed += exists ? 0 : 1;
      }
    }
    if (needed > env.slotCount()) {
      int wanted = (needed + SLOTS_STEP - 1) / SLOTS_STEP * SLOTS_STEP;
      env.addSlots(Math.min(CatalogKeys.SLOTS_MAX, wanted) - env.slotCount());
    }
  }

  private void committed(Meta meta) {
    Version version = new Version(env.pages(), meta);
    livePages = LivePages.count(version);
    if (!pinned.isIdle()) {
      pinned.committed(meta.txnId(), freedPages(version, meta.txnId()));
    }
  }

  /** LMDB lists what a commit freed under the number of its transaction. */
  private static long freedPages(Version version, long txnId) {
    byte[] key =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(txnId).array();
    TreeCursor free = new TreeCursor(version, version.meta().free());
    return free.seek(key) && free.isAt(key) ? free.valueNumber() : 0;
  }

  /**
   * LMDB takes a failed commit back by itself as long as the meta page was not reached, so a full
   * disk is a rejection. It tells a short write as EIO.
   */
  private StorageException commitFailure(Batch batch, RuntimeException e) {
    boolean full =
        LmdbErrors.isNoSpace(e)
            || (LmdbErrors.isIo(e) && freeBytes() < 2 * batch.sizeBytes() + (1 << 20));
    if (full && !env.isPanicked()) {
      return StorageException.of(Code.FULL, store(), "no space left on the device", e);
    }
    return env.failure(e);
  }

  private long freeBytes() {
    return opened.disk.freeBytes(store().toAbsolutePath().getParent());
  }

  @Override
  protected void force() {
    if (config().durability() == BackendConfig.Durability.SYNC) {
      return;
    }
    try {
      env.sync();
    } catch (RuntimeException e) {
      throw env.failure(e);
    }
  }

  @Override
  protected Set<Bucket> currentBuckets() {
    return slots.buckets();
  }

  @Override
  protected long pinnedBytes() {
    return pinned.count() * env.pageSizeBytes();
  }

  @Override
  protected long liveBytes() {
    return livePages * env.pageSizeBytes();
  }

  @Override
  public ReadView openView() {
    ReadTxn txn = begin();
    return new VersionView(txn.pin(), new Version(env.pages(), txn.meta()));
  }

  @Override
  public Snapshot snapshot() {
    ReadTxn txn = begin();
    return LmdbSnapshot.of(txn.pin(), txn.meta(), opened.file);
  }

  private ReadTxn begin() {
    checkOpen();
    return ReadTxn.begin(env, pins(), pinned);
  }

  @Override
  public BackendStats stats() {
    return whileOpen(
        () ->
            new BackendStats(
                opened.catalog.identity().storeId(),
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
    // LMDB first: when it closes its own descriptor the system drops our lock on the file too.
    env.close();
    opened.file.close();
    opened.lock.close();
  }
}
