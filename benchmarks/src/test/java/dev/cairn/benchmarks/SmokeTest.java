package dev.cairn.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.cairn.benchmarks.engines.Contenders;
import dev.cairn.testkit.TestRun;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Every benchmark runs with everyone, on little data and for a moment, so that none rots. */
class SmokeTest {
  private static final int CONTENDERS = 8;
  private static final int CRASH_SAFE = 7;
  private static final int WITH_VIEWS = 6;
  private static final int ENGINES = 4;

  /** How many runs each has. */
  private static final Map<String, Integer> RUNS =
      Map.ofEntries(
          Map.entry("engines.Puts.put", CONTENDERS * 2),
          Map.entry("engines.LargePuts.put", CRASH_SAFE),
          Map.entry("engines.Reads.get", CRASH_SAFE),
          Map.entry("engines.Reads.scan", CRASH_SAFE),
          Map.entry("engines.Reads.mixed", CRASH_SAFE),
          Map.entry("engines.Reads.commitLatency", CRASH_SAFE),
          Map.entry("engines.Openings.openTime", CRASH_SAFE),
          Map.entry("engines.Views.viewOpen", WITH_VIEWS),
          Map.entry("engines.Images.nativeImage", ENGINES),
          Map.entry("engines.Images.etcdImage", ENGINES),
          Map.entry("engines.MachineRates.sha256", 1),
          Map.entry("engines.MachineRates.fileCopy", 1),
          Map.entry("engines.Restores.restoreNative", ENGINES),
          Map.entry("engines.Restores.restoreEtcd", ENGINES),
          Map.entry("engines.Hashes.contentHash", ENGINES),
          Map.entry("wal.WalAppend.walBy1", 1),
          Map.entry("wal.WalAppend.walBy16", 1),
          Map.entry("wal.WalAppend.bareBy1", 1),
          Map.entry("wal.WalReplay.replay", 1),
          Map.entry("wal.WalReplay.crcOfTheFile", 1));

  @Test
  void everyBenchmarkRuns() throws RunnerException {
    Collection<RunResult> results = run(shortest());
    Map<String, Integer> runs = new TreeMap<>();
    for (RunResult result : results) {
      String name = result.getParams().getBenchmark().replace("dev.cairn.benchmarks.", "");
      runs.merge(name, 1, Integer::sum);
      assertTrue(result.getPrimaryResult().getScore() > 0, name);
    }
    assertEquals(new TreeMap<>(RUNS), runs);
    TestRun.report("benchmarks run", results.size());
  }

  /** Whoever only some builds have: who is on every benchmark's list is run above. */
  @Test
  void soDoesWhoeverElseIsThere() throws RunnerException {
    List<String> others = Contenders.names().subList(CONTENDERS, Contenders.names().size());
    assumeFalse(others.isEmpty(), "nobody else in this build");
    Collection<RunResult> results =
        run(
            shortest()
                .include("engines\\.(Puts|LargePuts|Reads|Views|Openings)\\.")
                .param("order", "random")
                .param("contender", others.toArray(String[]::new)));
    assertEquals(others.size() * 8, results.size());
  }

  private static Collection<RunResult> run(ChainedOptionsBuilder options) throws RunnerException {
    return new Runner(options.build()).run();
  }

  private static ChainedOptionsBuilder shortest() {
    return new OptionsBuilder()
        .forks(0)
        .warmupIterations(0)
        .measurementIterations(1)
        .measurementTime(TimeValue.milliseconds(10))
        .param("keys", "500")
        .param("valueBytes", "100")
        .param("dataBytes", "128")
        .param("logMebibytes", "1")
        .shouldFailOnError(true);
  }
}
