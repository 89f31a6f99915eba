package dev.cairn.testkit;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of {@code dev.cairn.spi} as tests. An engine author extends it, says how to make the
 * engine, and runs it with JUnit 5:
 *
 * <pre>{@code
 * class MyEngineTest extends BackendContract {
 *   @Override
 *   protected Engine engine() {
 *     return new MyEngine();
 *   }
 * }
 * }</pre>
 *
 * <p>Every test has a directory of its own. Some start a second JVM, which makes the engine by its
 * public constructor. {@link RandomHistories}, {@link KillNine}, {@link SnapshotUnderWrite} and
 * {@link Interrupts} are extended the same way.
 */
public abstract class BackendContract
    implements BatchRules,
        LimitRules,
        CursorRules,
        ViewRules,
        CloseRules,
        OpenRules,
        LockRules,
        MoveRules,
        JunkRules,
        SnapshotRules,
        InstallRules,
        PinRules,
        NullRules,
        StatsRules {
  @TempDir private Path directory;
  private Bench bench;

  /** For subclasses. */
  protected BackendContract() {}

  /**
   * The engine under test.
   *
   * @return a new or a shared one
   */
  protected abstract Engine engine();

  /**
   * How the tests open their stores, where an engine needs options to be tested as it should be.
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
    bench.closeAll();
  }

  @Override
  public final Bench bench() {
    return bench;
  }
}
