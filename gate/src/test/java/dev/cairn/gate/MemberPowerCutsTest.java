package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.gate.MemberLife.Promise;
import dev.cairn.io.Disk;
import dev.cairn.spi.Engine;
import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.TestRun;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A raft member under power cuts, on every engine whose files can be simulated. */
class MemberPowerCutsTest {
  private static final long SEED = TestRun.seed(MemberPowerCutsTest.class);

  /** What engines, store, log and snapshots sync by themselves, their own suites judge. */
  private static final Predicate<String> OTHERS =
      Pattern.compile("^(?!.*(Engine|LogFiles))(?=.*(FirstStart|RaftFiles|Database[.]))")
          .asPredicate()
          .negate();

  static Stream<String> engines() {
    return SimulatedEngines.all().keySet().stream();
  }

  private static PowerCuts<Promise> cuts(String engine, long seed, int steps) {
    Function<Disk, Engine> engines = SimulatedEngines.all().get(engine);
    return PowerCuts.<Promise>of(
            "a raft member on " + engine,
            seed,
            (disk, promise) -> new MemberLife(engines, seed, disk, promise).run(steps),
            (disk, promises) -> MemberLife.check(engines, disk, seed, promises))
        .withPreparation(MemberLife::prepare)
        .withRecovery(disk -> MemberLife.recover(engines, disk, seed));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void nothingKeptIsLostAndNothingIsInvented(String engine) {
    int lives = TestRun.count(4, 20);
    long checked = 0;
    for (int life = 0; life < lives; life++) {
      checked += cuts(engine, SEED + life, 20).withStates(TestRun.count(1, 4)).everyOperation();
    }
    assertTrue(checked > 0);
    TestRun.report("power cuts of raft members on " + engine, checked);
  }

  /**
   * A store that keeps less than its commits promise: the log makes up for it, and is synced. Not
   * on mapdb, which syncs the directory once more as it opens.
   */
  @ParameterizedTest
  @ValueSource(strings = {"heap", "bbolt", "h2"})
  void everySyncMatters(String engine) {
    Set<String> sites =
        PowerCuts.everySyncMatters(
            LongStream.range(0, 4)
                .mapToObj(i -> cuts(engine, (SEED & ~1) + 2 * i, 12))
                .map(each -> each.withSiteFrames(5).withSitesOfOthers(OTHERS))
                .toList());
    assertTrue(sites.size() >= 4, sites::toString);
  }
}
