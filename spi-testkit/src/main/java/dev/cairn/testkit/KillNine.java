package dev.cairn.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL at random moments. A second JVM commits numbered batches to one growing store, with
 * readers and a streaming snapshot open, and tells each number once its commit returned; after the
 * kill the reopened store must hold exactly the batches up to some number, all that were told
 * included. An engine author extends it as {@link BackendContract}; the second JVM makes the engine
 * by its public constructor.
 *
 * <p>The page cache outlives a killed process, so this finds no missing sync: {@link PowerCuts} or
 * a trace of the system calls does.
 */
public abstract class KillNine {
  @TempDir private Path directory;

  /** For subclasses. */
  protected KillNine() {}

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

  @Test
  final void noAcknowledgedBatchIsLost() throws InterruptedException {
    int cycles = TestRun.count(20, 200);
    long seed = TestRun.seed(getClass());
    long batches = new KillCycles(engine(), config(), directory.resolve("db"), seed).run(cycles);
    assertTrue(batches > cycles, () -> "only " + batches + " batches in all kills");
    TestRun.report(engine().info().name() + " kill -9 cycles", cycles);
    TestRun.report(engine().info().name() + " batches under kill -9", batches);
  }
}
