package dev.cairn.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch.Mode;
import dev.cairn.spi.Engine;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random histories find bugs that need a certain state, and shrink to what matters. */
class HistoriesCatchBugsTest {
  private static final int HISTORIES_MAX = 200;

  @TempDir private Path directory;
  private int runs;

  private boolean fails(Engine engine, List<Step> steps) {
    Path fresh = directory.resolve("history" + runs++);
    LocalDisk.INSTANCE.createDirectory(fresh);
    try {
      new HistoryRun(engine, BackendConfig.defaults(), fresh).run(steps);
      return false;
    } catch (Exception | AssertionError e) {
      return true;
    } finally {
      LocalDisk.INSTANCE.list(fresh).forEach(LocalDisk.INSTANCE::delete);
    }
  }

  private List<Step> shrunkFailure(Engine engine) {
    for (long seed = 0; seed < HISTORIES_MAX; seed++) {
      List<Step> steps = new HistorySource(seed).steps();
      if (fails(engine, steps)) {
        return new Shrinker(some -> fails(engine, some)).shrink(steps);
      }
    }
    throw new AssertionError("not found in " + HISTORIES_MAX + " histories");
  }

  private static List<Op> ops(Step step) {
    return ((Step.Commit) step).ops();
  }

  /** A bucket, a longest key put into it, and its delete in another commit. */
  @Test
  void aDeleteThatIsLostForLongestKeysOnly() {
    List<Step> steps = shrunkFailure(Bugs.losesDeletes(key -> key.length == 511));
    int count = steps.stream().mapToInt(step -> ops(step).size()).sum();
    assertTrue(count <= 3, steps::toString);
    assertEquals(2, steps.size(), steps::toString);
  }

  @Test
  void aClearThatKeepsWhatWasThere() {
    List<Step> steps = shrunkFailure(Bugs.takesModeFor(Mode.CLEAR, Mode.ENSURE));
    assertEquals(2, steps.size(), steps::toString);
  }

  @Test
  void aViewThatSeesLaterCommits() {
    List<Step> steps = shrunkFailure(Bugs.seesLaterCommits());
    assertTrue(steps.stream().anyMatch(Step.OpenView.class::isInstance), steps::toString);
    assertTrue(steps.size() <= 4, steps::toString);
  }

  @Test
  void aSnapshotOfTheMomentItIsStreamed() {
    List<Step> steps = shrunkFailure(Bugs.streamsTheNewest());
    assertTrue(steps.stream().anyMatch(Step.Stream.class::isInstance), steps::toString);
    assertTrue(steps.size() <= 4, steps::toString);
  }

  @Test
  void theReferenceHasNoneOfThem() {
    for (long seed = 0; seed < 10; seed++) {
      assertTrue(!fails(new HeapEngine(), new HistorySource(seed).steps()));
    }
  }
}
