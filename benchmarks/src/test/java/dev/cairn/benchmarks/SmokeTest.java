package dev.cairn.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Every benchmark runs, on little data and for a moment, so that none of them rots. */
class SmokeTest {
  private static final int BENCHMARKS = 11;
  private static final int ENGINES = 4;

  @Test
  void everyBenchmarkRuns() throws Exception {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("dev\\.cairn\\.benchmarks\\..*")
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(20))
                    .param("keys", "500")
                    .param("valueBytes", "100")
                    .param("order", "random")
                    .param("dataBytes", "128")
                    .param("logMebibytes", "1")
                    .shouldFailOnError(true)
                    .build())
            .run();
    long names = results.stream().map(each -> each.getParams().getBenchmark()).distinct().count();
    assertEquals(BENCHMARKS, names);
    assertEquals(3 + 2 + ENGINES * 6, results.size());
    assertTrue(results.stream().allMatch(each -> each.getPrimaryResult().getScore() > 0));
  }
}
