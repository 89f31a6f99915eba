package dev.cairn.store;

import dev.cairn.io.Disk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendStats;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Engine;
import dev.cairn.spi.EngineInfo;
import dev.cairn.spi.HeadReader;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.HeapEngine;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The heap engine with commits that wait or fail on demand. */
final class FaultyEngine implements Engine {
  private final HeapEngine beneath;

  /** What the next commits and syncs throw, until it is null again. */
  volatile StorageException failure;

  /** What the opening of a file named {@code db} throws, until it is null again. */
  volatile StorageException openFailure;

  /** Where the next commits wait, until it is null again. */
  volatile CountDownLatch gate;

  /** Counts down when a commit arrives at the gate. */
  final CountDownLatch arrived = new CountDownLatch(1);

  FaultyEngine(Disk disk) {
    beneath = new HeapEngine(disk);
  }

  static StorageException failure(Code code) {
    return StorageException.of(code, "simulated");
  }

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
    throwIf(store.endsWith("db") ? openFailure : null);
    return new Faulty(beneath.open(store, config));
  }

  private static void throwIf(StorageException failure) {
    if (failure != null) {
      throw failure;
    }
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

  private final class Faulty implements Backend {
    private final Backend backend;

    Faulty(Backend backend) {
      this.backend = backend;
    }

    @Override
    public void commit(Batch batch) {
      CountDownLatch wait = gate;
      if (wait != null) {
        arrived.countDown();
        Threads.await(wait);
      }
      throwIf(failure);
      backend.commit(batch);
    }

    @Override
    public void sync() {
      throwIf(failure);
      backend.sync();
    }

    @Override
    public ReadView openView() {
      return backend.openView();
    }

    @Override
    public Snapshot snapshot() {
      return backend.snapshot();
    }

    @Override
    public BackendStats stats() {
      return backend.stats();
    }

    @Override
    public void close() {
      backend.close();
    }
  }
}
