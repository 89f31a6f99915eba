package dev.cairn.engine.lmdb;

import dev.cairn.engine.support.BackendBase;
import dev.cairn.engine.support.Pin;
import dev.cairn.io.DiskFile;
import dev.cairn.io.DiskLock;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendStats;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import java.nio.file.Path;
import java.util.Set;

/**
 * A store open to read only, without LMDB. LMDB would close a descriptor of its own at the end, and
 * with it would go the lock that other readers of this process hold on the file.
 */
final class ImageBackend extends BackendBase {
  private final DiskLock lock;
  private final DiskFile data;
  private final Version version;
  private final Catalog catalog;

  /**
   * @param lock shared; this backend's to close, like {@code data}
   */
  ImageBackend(
      Path store,
      BackendConfig config,
      DiskLock lock,
      DiskFile data,
      Version version,
      Catalog catalog) {
    super(store, LmdbEngine.INFO, config);
    this.lock = lock;
    this.data = data;
    this.version = version;
    this.catalog = catalog;
  }

  @Override
  public ReadView openView() {
    return new VersionView(begin(), version);
  }

  @Override
  public Snapshot snapshot() {
    return LmdbSnapshot.of(begin(), version.meta(), data);
  }

  private Pin begin() {
    Pin pin = pins().begin();
    pin.exit();
    return pin;
  }

  @Override
  public BackendStats stats() {
    return whileOpen(
        () ->
            new BackendStats(
                catalog.identity().storeId(),
                data.sizeBytes(),
                liveBytes(),
                0,
                pins().count(),
                pins().oldestMillis(),
                pins().revokedCount(),
                0));
  }

  @Override
  protected long liveBytes() {
    return LivePages.count(version) * version.pageSizeBytes();
  }

  @Override
  protected long pinnedBytes() {
    return 0;
  }

  @Override
  protected Set<Bucket> currentBuckets() {
    return catalog.slots().keySet();
  }

  @Override
  protected void apply(Batch batch) {
    throw new IllegalStateException("opened read-only");
  }

  @Override
  protected void force() {
    throw new IllegalStateException("opened read-only");
  }

  @Override
  protected void free() {
    data.close();
    lock.close();
  }
}
