package dev.cairn.testkit;

import dev.cairn.io.LocalDisk;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of an engine against a plain model: batches of all kinds, views and snapshots
 * held across them, images read and installed, reopens. A history that fails is shrunk, and printed
 * with the seed and the command that replays it. An engine author extends it as {@link
 * BackendContract}.
 */
public abstract class RandomHistories {
  @TempDir private Path directory;
  private int runs;

  /** For subclasses. */
  protected RandomHistories() {}

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
  final void randomHistoriesEqualTheModel() {
    long seed = TestRun.seed(getClass());
    int count = TestRun.count(100, 1_000);
    for (int i = 0; i < count; i++) {
      List<Step> steps = new HistorySource(seed + i).steps();
      Throwable failure = failure(steps);
      if (failure != null) {
        throw report(i, steps, failure);
      }
    }
    TestRun.report(engine().info().name() + " random histories", count);
  }

  private AssertionError report(int number, List<Step> steps, Throwable failure) {
    List<Step> fewest = new Shrinker(some -> failure(some) != null).shrink(steps);
    Throwable last = failure(fewest);
    String told = fewest.stream().map(Step::toString).collect(Collectors.joining("\n  "));
    return new AssertionError(
        "history %d, shrunk from %d steps to %d; the seed and the replay command stand above\n  %s"
            .formatted(number, steps.size(), fewest.size(), told),
        last == null ? failure : last);
  }

  /** What goes wrong in a history that happens to a new store, or null. */
  private Throwable failure(List<Step> steps) {
    Path fresh = directory.resolve("history" + runs++);
    LocalDisk.INSTANCE.createDirectory(fresh);
    try {
      new HistoryRun(engine(), config(), fresh).run(steps);
      return null;
    } catch (Exception | AssertionError e) {
      return e;
    } finally {
      LocalDisk.INSTANCE.list(fresh).forEach(LocalDisk.INSTANCE::delete);
    }
  }
}
