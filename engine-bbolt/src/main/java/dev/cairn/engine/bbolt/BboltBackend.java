package dev.cairn.engine.bbolt;

import dev.cairn.bbolt.BoltMeta;
import dev.cairn.engine.support.BackendBase;
import dev.cairn.engine.support.Identity;
import dev.cairn.engine.support.Pin;
import dev.cairn.io.DiskFile;
import dev.cairn.io.DiskLock;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.spi.BackendStats;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;

/**
 * An open store. A commit writes new pages into free ones and syncs, then writes the meta page that
 * the newest version is not in, and syncs: whatever is cut off in between, the newest version and
 * every page of it are as they were.
 */
final class BboltBackend extends BackendBase {
  private final DiskLock lock;
  private final DiskFile file;
  private final PageStore pages;
  private final Identity identity;
  private final Versions versions;
  private final FreePages free;
  private final PageWriter out;
  private final boolean storesFreelist;

  /**
   * @param lock the backend's to close, as is the opened file, unless this throws
   */
  BboltBackend(
      Path store, BackendConfig config, BboltOptions options, DiskLock lock, OpenedStore opened) {
    super(store, BboltEngine.INFO, config);
    this.lock = lock;
    this.pages = opened.pages();
    this.file = pages.file();
    this.identity = opened.identity();
    Version newest = opened.version();
    versions = new Versions(newest);
    free = new FreePages(store, opened.free(), newest.meta().highWaterPages());
    storesFreelist =
        options.storesFreelist().orElse(newest.meta().freelistPage() != BoltMeta.NO_FREELIST);
    out = new PageWriter(file, pages.pageSizeBytes());
    if (config.access() != Access.READ_ONLY) {
      // What was read may be in the page cache only, where a writer that was killed has left it.
      sync(file);
    }
  }

  @Override
  protected void apply(Batch batch) {
    Version before = versions.current();
    free.release(versions.release());
    Version after;
    Staging staging = new Staging(pages, free, out);
    try {
      BatchWriter writer = new BatchWriter(staging, before.buckets());
      if (!writer.apply(batch)) {
        free.takeBack();
        return;
      }
      after = finish(before, writer, staging);
      out.flush();
    } catch (RuntimeException | Error e) {
      // Nothing but free pages was written, and nothing leads to them.
      free.takeBack();
      out.reset();
      throw e;
    }
    commit(before, after, staging);
  }

  /** The top level, the freelist, and what the meta page will say. */
  private Version finish(Version before, BatchWriter writer, Staging staging) {
    BoltMeta old = before.meta();
    long rootPage = writer.rewriteTopLevel(old.rootPage());
    if (before.freelistPages() > 0) {
      free.free(old.freelistPage(), before.freelistPages());
    }
    int which = 1 - before.which();
    long txid = old.txid() + ((old.txid() + 1) % 2 == which ? 1 : 2);
    Freelist stored = storesFreelist ? staging.writeFreelist() : null;
    BoltMeta meta =
        new BoltMeta(
            old.pageSizeBytes(),
            rootPage,
            old.sequence(),
            stored == null ? BoltMeta.NO_FREELIST : stored.page(),
            free.highWaterPages(),
            txid);
    return new Version(
        meta, which, writer.buckets(), stored == null ? 0 : stored.pageCount(), free.unusedCount());
  }

  /** From here on a failure leaves the outcome open. */
  private void commit(Version before, Version after, Staging staging) {
    sync(file);
    versions.durableTxid(before.txid());
    write(after);
    if (config().durability() == Durability.SYNC) {
      sync(file);
      versions.durableTxid(after.txid());
    }
    pages.highWaterPages(after.meta().highWaterPages());
    pages.cache().grow(after.meta().highWaterPages());
    staging.fillCache();
    boolean held = versions.publish(after, free.freed());
    free.seal(after.txid(), held);
  }

  private void write(Version version) {
    byte[] page = MetaTail.page(version.meta(), version.which(), identity);
    try {
      file.write((long) version.which() * page.length, ByteBuffer.wrap(page));
    } catch (StorageException e) {
      throw unknown(e);
    }
  }

  private void sync(DiskFile synced) {
    try {
      synced.sync();
    } catch (StorageException e) {
      throw unknown(e);
    }
  }

  /** However it is called: it says nothing of what is on the disk. */
  private StorageException unknown(StorageException e) {
    return e.code() == Code.IO
        ? e
        : StorageException.of(Code.IO, store(), "cannot be synced; open it anew", e);
  }

  @Override
  protected void force() {
    long newest = versions.current().txid();
    if (versions.durableTxid() != newest) {
      sync(file);
      versions.durableTxid(newest);
    }
  }

  @Override
  protected Set<Bucket> currentBuckets() {
    return versions.current().buckets().keySet();
  }

  @Override
  public ReadView openView() {
    Pin pin = pins().begin();
    try {
      return new StoreView(pin, pages, hold(pin).buckets());
    } finally {
      pin.exit();
    }
  }

  @Override
  public Snapshot snapshot() {
    Pin pin = pins().begin();
    try {
      return new BboltSnapshot(pin, hold(pin).meta(), file);
    } finally {
      pin.exit();
    }
  }

  private Version hold(Pin pin) {
    Version version = versions.hold();
    pin.releaseWith(() -> versions.letGo(version));
    return version;
  }

  @Override
  protected long pinnedBytes() {
    return versions.heldPages() * pages.pageSizeBytes();
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
                identity.storeId(),
                file.sizeBytes(),
                liveBytes(),
                pinnedBytes(),
                pins().count(),
                pins().oldestMillis(),
                pins().revokedCount(),
                commitCount()));
  }

  @Override
  protected void free() {
    file.close();
    lock.close();
  }
}
