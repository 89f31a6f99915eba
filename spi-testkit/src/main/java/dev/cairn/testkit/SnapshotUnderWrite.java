package dev.cairn.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Snapshots and views while one thread commits without a pause and the sinks are slow: several at
 * once, and each must be the store at one commit, as a model that shares nothing with the engine
 * has it; each image is installed and written to. An engine author extends it as {@link
 * BackendContract}.
 */
public abstract class SnapshotUnderWrite {
  private static final int STREAMS = 3;

  /** How many commits a sink waits for before it takes the next chunk. */
  private static final int COMMITS_PER_CHUNK = 2;

  @TempDir private Path directory;
  private final AtomicLong committed = new AtomicLong();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final AtomicInteger images = new AtomicInteger();
  private NumberedBatches batches;

  /** For subclasses. */
  protected SnapshotUnderWrite() {}

  /**
   * The engine under test.
   *
   * @return a new or a shared one
   */
  protected abstract Engine engine();

  /**
   * How the stores are opened, where an engine needs options.
   *
   * @return read-write, made where absent; the defaults unless overridden
   */
  protected BackendConfig config() {
    return BackendConfig.defaults();
  }

  @Test
  final void everyImageIsTheStoreAtOneCommit() throws InterruptedException {
    batches = new NumberedBatches(TestRun.seed(getClass()));
    int rounds = TestRun.count(4, 40);
    try (Backend backend = engine().open(directory.resolve("db"), config())) {
      List<CompletableFuture<Void>> streams = new ArrayList<>();
      CompletableFuture<Void> writer = Tasks.start("writer", () -> commitAlways(backend));
      for (int i = 0; i < STREAMS; i++) {
        streams.add(
            Tasks.start(
                "stream" + i,
                () -> {
                  for (int round = 0; round < rounds; round++) {
                    streamAndView(backend);
                  }
                }));
      }
      try {
        for (CompletableFuture<Void> stream : streams) {
          Tasks.join(stream, rounds);
        }
      } finally {
        running.set(false);
        Tasks.join(writer);
      }
    }
    TestRun.report(engine().info().name() + " snapshots under write", STREAMS * rounds);
    TestRun.report(engine().info().name() + " commits meanwhile", committed.get());
  }

  private void commitAlways(Backend backend) {
    while (running.get()) {
      backend.commit(batches.batch(committed.get() + 1));
      committed.incrementAndGet();
    }
  }

  private void streamAndView(Backend backend) throws IOException, InterruptedException {
    awaitCommits(1);
    long before = committed.get();
    try (Snapshot snapshot = backend.snapshot();
        ReadView view = backend.openView()) {
      // One more may be in the store than was counted: it had not returned yet.
      long after = committed.get() + 1;
      Path image = directory.resolve("image" + images.incrementAndGet());
      write(snapshot, image);
      checkView(view, before, after);
      checkImage(image, before, after);
    }
  }

  private void write(Snapshot snapshot, Path image) throws IOException {
    try (DiskFile file = LocalDisk.INSTANCE.open(image, Disk.Mode.CREATE_NEW)) {
      DiskChannel out = DiskChannel.at(file, 0);
      snapshot.writeTo(
          Sinks.of(
              chunk -> {
                out.write(chunk);
                awaitCommits(COMMITS_PER_CHUNK);
              }));
      assertEquals(snapshot.size(), file.sizeBytes());
    }
  }

  /** Waits until so many commits more have returned: the slow sink must not hold them up. */
  private void awaitCommits(int count) {
    long enough = committed.get() + count;
    long deadline = System.nanoTime() + Tasks.HANG_SECONDS * 1_000_000_000L;
    while (committed.get() < enough) {
      assertTrue(System.nanoTime() < deadline, "commits do not go on");
      Thread.onSpinWait();
      Thread.yield();
    }
  }

  private void checkView(ReadView view, long before, long after) {
    long pinned = NumberedBatches.last(view);
    assertTrue(
        before <= pinned && pinned <= after, () -> pinned + " is not " + before + ".." + after);
    Bench.assertSame(batches.at(pinned), Model.of(view));
  }

  private void checkImage(Path image, long before, long after) {
    long sizeBytes = LocalDisk.INSTANCE.sizeBytes(image);
    long pinned;
    Model expected;
    try (ReadView view = engine().openImage(image, sizeBytes)) {
      checkView(view, before, after);
      pinned = NumberedBatches.last(view);
      expected = Model.of(view);
    }
    Path store = image.resolveSibling(image.getFileName() + "-installed");
    try (DiskFile file = LocalDisk.INSTANCE.open(image, Disk.Mode.READ)) {
      engine().install(DiskChannel.at(file, 0), sizeBytes, store);
    }
    writeOn(store, expected, pinned);
    LocalDisk.INSTANCE.delete(image);
    engine().files(store).forEach(LocalDisk.INSTANCE::delete);
  }

  private void writeOn(Path store, Model expected, long pinned) {
    try (Backend installed = engine().open(store, config())) {
      Bench.assertSame(expected, Bench.content(installed));
      for (long number = pinned + 1; number <= pinned + 5; number++) {
        installed.commit(batches.batch(number));
      }
    }
    try (Backend reopened = engine().open(store, config())) {
      Bench.assertSame(batches.replay(expected, pinned, pinned + 5), Bench.content(reopened));
    }
  }
}
