package dev.cairn.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Kills one JVM after the other over one store, and looks each time at what is left. */
final class KillCycles {
  private static final int ACKNOWLEDGED_MAX = 150;
  private static final int DELAY_MILLIS_MAX = 250;

  private final Engine engine;
  private final BackendConfig config;
  private final Path store;
  private final long seed;
  private final NumberedBatches batches;
  private Model model = new Model();
  private long modelled;

  KillCycles(Engine engine, BackendConfig config, Path store, long seed) {
    this.engine = engine;
    this.config = config;
    this.store = store;
    this.seed = seed;
    this.batches = new NumberedBatches(seed);
  }

  /** Runs so many cycles and says how many batches the store holds at last. */
  long run(int cycles) throws InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    ChildJvm next = child();
    try {
      for (int cycle = 0; cycle < cycles; cycle++) {
        ChildJvm running = next;
        // The one after is started now: it waits until it is told to go.
        next = child();
        verify(runAndKill(running, random, cycle), cycle);
      }
    } finally {
      next.close();
    }
    return modelled;
  }

  private ChildJvm child() {
    return ChildJvm.start(
        KillNineChild.class,
        ContractChild.arguments(engine, config, store.toString(), Long.toUnsignedString(seed, 16)));
  }

  /**
   * Half the kills come after so many acknowledgements, half after so long, from before opening.
   */
  private long runAndKill(ChildJvm child, SplittableRandom random, int cycle)
      throws InterruptedException {
    try (child) {
      AtomicLong acknowledged = new AtomicLong(modelled);
      CompletableFuture<Void> reading =
          Tasks.start("acknowledged", () -> readNumbers(child, acknowledged));
      child.send("go");
      if (cycle % 2 == 0) {
        long enough = modelled + 1 + random.nextInt(ACKNOWLEDGED_MAX);
        while (acknowledged.get() < enough && !reading.isDone()) {
          Thread.sleep(0, 200_000);
        }
      } else {
        Thread.sleep(random.nextInt(DELAY_MILLIS_MAX));
      }
      boolean endedItself = reading.isDone();
      child.kill();
      Tasks.join(reading);
      assertTrue(!endedItself, "the second JVM ended by itself; its stderr says why");
      return acknowledged.get();
    }
  }

  private static void readNumbers(ChildJvm child, AtomicLong acknowledged) {
    for (String line = child.readLine(); line != null; line = child.readLine()) {
      if (line.endsWith(".")) {
        acknowledged.set(Long.parseLong(line.substring(0, line.length() - 1)));
      }
    }
  }

  private void verify(long acknowledged, int cycle) {
    if (!LocalDisk.INSTANCE.exists(store)) {
      assertTrue(acknowledged == 0, "the store is gone");
      return;
    }
    BackendConfig existing = config.withAccess(BackendConfig.Access.READ_WRITE);
    try (Backend backend = engine.open(store, existing);
        ReadView view = backend.openView()) {
      long last = NumberedBatches.last(view);
      assertTrue(
          last == acknowledged || last == acknowledged + 1,
          () -> "cycle %d: %d was acknowledged, %d is last".formatted(cycle, acknowledged, last));
      model = batches.replay(model, modelled, last);
      modelled = last;
      Bench.assertSame(model, Model.of(view));
    }
  }
}
