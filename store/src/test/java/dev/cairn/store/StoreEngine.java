package dev.cairn.store;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendStats;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Engine;
import dev.cairn.spi.EngineInfo;
import dev.cairn.spi.HeadReader;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.testkit.HeapEngine;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * A store that poses as a backend, so that the contract's tests run against it. What they commit
 * stays pending for a while, and most views lie over an older version.
 */
public final class StoreEngine implements Engine {
  private static final CommitPolicy POLICY = CommitPolicy.batched(300, 1 << 20, 3_600_000);

  private final Engine beneath = new HeapEngine();

  /** For the second JVM of the contract's tests. */
  public StoreEngine() {}

  @Override
  public EngineInfo info() {
    return beneath.info();
  }

  @Override
  public boolean recognizes(HeadReader head) {
    return beneath.recognizes(head);
  }

  @Override
  public Backend open(Path store, BackendConfig config) {
    StoreConfig with = Stores.config(beneath).withBackend(config).withCommitPolicy(POLICY);
    return new Posing(Store.open(store, with));
  }

  @Override
  public ReadView openImage(Path image, long imageSizeBytes) {
    return beneath.openImage(image, imageSizeBytes);
  }

  @Override
  public void install(ReadableByteChannel image, long imageSizeBytes, Path store) {
    beneath.install(image, imageSizeBytes, store);
  }

  @Override
  public List<Path> files(Path store) {
    return beneath.files(store);
  }

  private record Posing(Store store) implements Backend {
    @Override
    public void commit(Batch batch) {
      store.update(tx -> batch.changes().forEach(change -> replay(tx, change)));
    }

    private static void replay(StoreTx tx, Batch.Change change) {
      Bucket bucket = change.bucket();
      if (change.mode() == Batch.Mode.DROP || change.mode() == Batch.Mode.CLEAR) {
        tx.deleteBucket(bucket);
      }
      if (change.mode() == Batch.Mode.ENSURE || change.mode() == Batch.Mode.CLEAR) {
        tx.createBucket(bucket);
      }
      for (int i = 0; i < change.size(); i++) {
        if (change.value(i) == null) {
          tx.delete(bucket, change.key(i));
        } else {
          tx.put(bucket, change.key(i), change.value(i));
        }
      }
    }

    @Override
    public void sync() {
      store.sync();
    }

    @Override
    public ReadView openView() {
      return store.openView();
    }

    @Override
    public Snapshot snapshot() {
      StoreSnapshot snapshot = store.snapshot();
      snapshot.view().close();
      return snapshot.image();
    }

    @Override
    public BackendStats stats() {
      store.commit();
      BackendStats stats = store.stats().backend();
      return new BackendStats(
          stats.storeId(),
          stats.fileBytes(),
          stats.liveBytes(),
          stats.pinnedBytes(),
          stats.pinsOpen(),
          stats.oldestPinMillis(),
          stats.pinsRevoked(),
          store.stats().updates());
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
