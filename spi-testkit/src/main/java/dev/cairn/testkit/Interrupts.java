package dev.cairn.testkit;

import static dev.cairn.testkit.Bench.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Interrupts of the calling thread, before and during every call: the call ends as if none had
 * come, the flag is kept, the next commit works, and the store is still locked. An engine author
 * extends it as {@link BackendContract}.
 */
public abstract class Interrupts {
  private static final int PAUSE_NANOS_MAX = 2_000_000;

  @TempDir private Path directory;
  private Bench bench;

  /** For subclasses. */
  protected Interrupts() {}

  /**
   * The engine under test.
   *
   * @return a new or a shared one, of a class with a public constructor without parameters
   */
  protected abstract Engine engine();

  /**
   * How the stores are opened, where an engine needs options; only those pass to the second JVM.
   *
   * @return read-write, made where absent; the defaults unless overridden
   */
  protected BackendConfig config() {
    return BackendConfig.defaults();
  }

  @BeforeEach
  final void setUpBench() {
    bench = new Bench(engine(), config(), directory);
  }

  @AfterEach
  final void closeBench() throws Exception {
    assertTrue(!Thread.interrupted(), "the test left an interrupt behind");
    bench.closeAll();
  }

  /** Runs a call on an interrupted thread; it must do its work and keep the flag. */
  private static void interrupted(Executable call) throws Throwable {
    Thread.currentThread().interrupt();
    try {
      call.execute();
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt flag is lost");
    }
  }

  @Test
  final void everyCallWorksOnAnInterruptedThread() throws Throwable {
    Object[] made = new Object[4];
    interrupted(() -> made[0] = bench.open());
    Backend backend = (Backend) made[0];
    Batch batch = Data.fill(Data.USERS, 300, 5_000, 1);
    interrupted(() -> backend.commit(batch));
    interrupted(backend::sync);
    interrupted(backend::stats);
    Model expected = Bench.content(backend);
    assertEquals(300, expected.buckets().get(Data.USERS).size());
    interrupted(() -> made[1] = backend.openView());
    interrupted(() -> Bench.assertSame(expected, Model.of((ReadView) made[1])));
    interrupted(() -> ((ReadView) made[1]).get(Data.USERS, Data.key(7)));
    interrupted(() -> ((ReadView) made[1]).lastKey(Data.USERS));
    interrupted(() -> made[2] = ((ReadView) made[1]).openCursor(Data.USERS));
    interrupted(() -> assertTrue(((Cursor) made[2]).seek(Data.key(100))));
    interrupted(() -> assertTrue(((Cursor) made[2]).next()));
    interrupted(((Cursor) made[2])::close);
    interrupted(((ReadView) made[1])::close);
    interrupted(() -> made[3] = backend.snapshot());
    Sinks.Memory image = new Sinks.Memory();
    interrupted(() -> ((Snapshot) made[3]).writeTo(image));
    interrupted(((Snapshot) made[3])::close);
    assertLocked();
    installInterrupted(image.toByteArray(), expected);
    interrupted(backend::close);
    interrupted(() -> Bench.assertSame(expected, Bench.content(bench.open())));
  }

  private void installInterrupted(byte[] image, Model expected) throws Throwable {
    Path installed = directory.resolve("installed");
    interrupted(() -> engine().install(new ImageChannel(image), image.length, installed));
    Path file = bench.write("image", image);
    interrupted(
        () -> {
          try (ReadView view = bench.openImage(file)) {
            Bench.assertSame(expected, Model.of(view));
          }
        });
    Bench.assertSame(expected, Bench.content(bench.open(installed, config())));
  }

  @Test
  final void interruptsAtRandomMomentsHarmNothing() throws Throwable {
    long seed = TestRun.seed(getClass());
    NumberedBatches batches = new NumberedBatches(seed);
    SplittableRandom random = new SplittableRandom(seed);
    Backend backend = bench.open();
    Model model = new Model();
    long number = 0;
    int rounds = TestRun.count(150, 2_000);
    for (int round = 0; round < rounds; round++) {
      CompletableFuture<Void> interrupter = interruptAfter(random.nextInt(PAUSE_NANOS_MAX));
      while (!interrupter.isDone()) {
        backend.commit(batches.batch(++number));
        readAndStream(backend, number);
      }
      Tasks.join(interrupter);
      assertTrue(Thread.interrupted(), "the interrupt flag is lost");
      if (round % 10 == 0) {
        model = batches.replay(model, NumberedBatches.lastOf(model), number);
        Bench.assertSame(model, Bench.content(backend));
        assertCode(() -> bench.open(), Code.LOCKED);
      }
      if (round % 50 == 7) {
        backend = closeUnderInterrupt(backend, random);
      }
    }
    assertLocked();
    TestRun.report(engine().info().name() + " interrupts", rounds);
  }

  /** Starts a thread that interrupts this one after a while, and then is done. */
  private static CompletableFuture<Void> interruptAfter(int nanos) {
    Thread target = Thread.currentThread();
    return Tasks.start(
        "interrupter",
        () -> {
          LockSupport.parkNanos(nanos);
          target.interrupt();
        });
  }

  private static void readAndStream(Backend backend, long number) throws Exception {
    try (ReadView view = backend.openView()) {
      assertEquals(number, NumberedBatches.last(view));
      Model.of(view);
    }
    Sinks.Memory image = new Sinks.Memory();
    try (Snapshot snapshot = backend.snapshot()) {
      snapshot.writeTo(image);
      assertEquals(snapshot.size(), image.toByteArray().length);
    }
  }

  private Backend closeUnderInterrupt(Backend backend, SplittableRandom random)
      throws InterruptedException {
    CompletableFuture<Void> interrupter = interruptAfter(random.nextInt(PAUSE_NANOS_MAX / 10));
    backend.openView();
    backend.close();
    while (!interrupter.isDone()) {
      Thread.onSpinWait();
    }
    assertTrue(Thread.interrupted(), "the interrupt flag is lost");
    return bench.open();
  }

  private void assertLocked() throws InterruptedException {
    assertCode(() -> bench.open(), Code.LOCKED);
    assertEquals("locked", ContractChild.openElsewhere(bench, bench.store()));
  }
}
