package dev.cairn.engine.support;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendStats;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.EngineInfo;
import dev.cairn.spi.Limits;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The least that a subclass can be, with what a native engine would die of made visible: anything
 * that touches it after {@link #free()}, and a free while something is pinned.
 */
final class MemoryBackend extends BackendBase {
  static final Path STORE = Path.of("memory.db");
  private static final EngineInfo INFO =
      new EngineInfo(
          "memory", "1", 1, new Limits(8, 8, 8, 3, 1024), List.of(), "nothing worth a word");

  final AtomicInteger pinned = new AtomicInteger();
  final AtomicInteger frees = new AtomicInteger();
  final AtomicLong touchedAfterFree = new AtomicLong();
  private final Set<Bucket> buckets = new TreeSet<>();

  volatile Runnable onApply = () -> {};
  volatile Runnable onForce = () -> {};
  volatile Runnable onPinnedBytes = () -> {};
  volatile Runnable onFree = () -> {};
  volatile long pinnedBytes;
  boolean pinsUnderCommitLock;

  MemoryBackend(BackendConfig config) {
    super(STORE, INFO, config);
  }

  private MemoryBackend(BackendConfig config, Pins pins) {
    super(STORE, INFO, config, pins);
  }

  /** Its pins sweep only when told: a sweep of their own may be the one that tells the listener. */
  static MemoryBackend withoutSweeps(BackendConfig config) {
    return new MemoryBackend(config, new Pins(STORE, config, System::nanoTime, sweep -> null));
  }

  void touch() {
    if (frees.get() != 0) {
      touchedAfterFree.incrementAndGet();
    }
  }

  /** As an engine opens a view; with both ways of meeting the commit lock. */
  Pin pin() {
    Pin pin = pins().begin();
    try {
      if (pinsUnderCommitLock) {
        commitLock().lock();
      }
      touch();
      pinned.incrementAndGet();
      pin.releaseWith(this::unpin);
      return pin;
    } finally {
      if (pinsUnderCommitLock) {
        commitLock().unlock();
      }
      pin.exit();
    }
  }

  private void unpin() {
    if (pinsUnderCommitLock) {
      commitLock().lock();
    }
    touch();
    pinned.decrementAndGet();
    if (pinsUnderCommitLock) {
      commitLock().unlock();
    }
  }

  void call(Pin pin) {
    pin.enter();
    try {
      touch();
    } finally {
      pin.exit();
    }
  }

  @Override
  protected void apply(Batch batch) {
    touch();
    onApply.run();
    for (Batch.Change change : batch.changes()) {
      if (change.mode() == Batch.Mode.DROP) {
        buckets.remove(change.bucket());
      } else {
        buckets.add(change.bucket());
      }
    }
  }

  @Override
  protected void force() {
    touch();
    onForce.run();
  }

  @Override
  protected Set<Bucket> currentBuckets() {
    return buckets;
  }

  @Override
  protected long pinnedBytes() {
    touch();
    onPinnedBytes.run();
    return pinnedBytes;
  }

  @Override
  protected long liveBytes() {
    touch();
    return 1;
  }

  @Override
  protected void free() {
    onFree.run();
    if (pinned.get() != 0) {
      touchedAfterFree.incrementAndGet();
    }
    frees.incrementAndGet();
  }

  @Override
  public ReadView openView() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Snapshot snapshot() {
    throw new UnsupportedOperationException();
  }

  @Override
  public BackendStats stats() {
    return whileOpen(
        () -> {
          touch();
          return new BackendStats("id", 0, liveBytes(), pinnedBytes(), 0, 0, 0, commitCount());
        });
  }
}
