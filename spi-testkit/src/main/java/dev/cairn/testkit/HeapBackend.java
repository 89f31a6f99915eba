package dev.cairn.testkit;

import dev.cairn.engine.support.BackendBase;
import dev.cairn.engine.support.Pin;
import dev.cairn.io.DiskFile;
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
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** An open heap store: the newest version, the log behind it, and the versions that are pinned. */
final class HeapBackend extends BackendBase {
  private final DiskFile file;
  private final DiskLock lock;
  private final HeapLog log;
  private final Map<Pin, HeapVersion> pinned = new LinkedHashMap<>();
  private volatile HeapVersion current;
  private volatile long fileBytes;

  HeapBackend(Path store, DiskFile file, DiskLock lock, HeapScan scan, BackendConfig config) {
    super(store, HeapEngine.INFO, config);
    this.file = file;
    this.lock = lock;
    this.log = scan.log();
    this.current = scan.version();
    this.fileBytes = log.endBytes();
    boolean fresh = file.sizeBytes() == HeapLog.HEADER_BYTES;
    if (config.access() != BackendConfig.Access.READ_ONLY && !fresh) {
      settle();
    }
  }

  /**
   * Cuts off what is behind the log, which would count again if the batch missing before it were
   * committed anew; and syncs, as what was read may be in the page cache only, where a relaxed or a
   * killed writer left it, while the records to come say of it that it was synced.
   */
  private void settle() {
    if (file.sizeBytes() > fileBytes) {
      file.setLength(fileBytes);
    }
    force();
  }

  @Override
  protected void apply(Batch batch) {
    HeapVersion next = current.with(batch);
    append(batch);
    if (config().durability() == Durability.SYNC) {
      force();
    }
    fileBytes = log.endBytes();
    current = next;
  }

  /** A record that did not find room is taken back: what is left of it would never count. */
  private void append(Batch batch) {
    try {
      log.append(batch, DiskChannel.at(file, log.endBytes()));
    } catch (StorageException e) {
      if (e.code() == Code.FULL) {
        file.setLength(log.endBytes());
      }
      throw e;
    } catch (IOException e) {
      throw StorageException.of(Code.IO, store(), "cannot be written: " + e.getMessage(), e);
    }
  }

  /** After a failed sync nothing is known of the log's end, whatever the reason was. */
  @Override
  protected void force() {
    try {
      file.sync();
    } catch (StorageException e) {
      throw StorageException.of(Code.IO, store(), "cannot be synced; open it anew", e);
    }
    log.synced();
  }

  @Override
  protected Set<Bucket> currentBuckets() {
    return current.buckets().keySet();
  }

  @Override
  public ReadView openView() {
    Pin pin = pins().begin();
    try {
      return new HeapView(pin, pinCurrent(pin));
    } finally {
      pin.exit();
    }
  }

  @Override
  public Snapshot snapshot() {
    Pin pin = pins().begin();
    try {
      return new HeapSnapshot(pin, pinCurrent(pin));
    } finally {
      pin.exit();
    }
  }

  private HeapVersion pinCurrent(Pin pin) {
    synchronized (pinned) {
      HeapVersion version = current;
      pinned.put(pin, version);
      pin.releaseWith(() -> unpin(pin));
      return version;
    }
  }

  private void unpin(Pin pin) {
    synchronized (pinned) {
      pinned.remove(pin);
    }
  }

  /** What was replaced since the oldest pin; some of it may never have been seen by a pin. */
  @Override
  protected long pinnedBytes() {
    synchronized (pinned) {
      return pinned.isEmpty()
          ? 0
          : current.replacedBytes() - pinned.values().iterator().next().replacedBytes();
    }
  }

  @Override
  protected long liveBytes() {
    return current.liveBytes();
  }

  @Override
  public BackendStats stats() {
    return whileOpen(
        () ->
            new BackendStats(
                log.identity().storeId(),
                fileBytes,
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
