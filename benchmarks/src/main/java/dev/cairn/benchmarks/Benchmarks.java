package dev.cairn.benchmarks;

import dev.cairn.benchmarks.report.Report;
import dev.cairn.benchmarks.report.ResultFile;
import dev.cairn.benchmarks.scenarios.Plan;
import dev.cairn.benchmarks.scenarios.Scenarios;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks and writes their report; {@code benchmarks/run} calls it.
 *
 * <pre>
 * Benchmarks short|full CHECKOUT COMMIT MACHINE [WHAT]   measures
 * Benchmarks report CHECKOUT RESULT                      makes page, plots and README of a result
 * </pre>
 *
 * <p>WHAT is {@code processes}, one of the scenarios, or a pattern of JMH benchmarks.
 */
public final class Benchmarks {
  private static final String RESULTS = "benchmarks/results";
  private static final String ALL_OF_JMH = "dev\\.cairn\\.benchmarks\\..*";

  private Benchmarks() {}

  /**
   * Runs what is asked for.
   *
   * @param args what to do, where the checkout is, and more as above
   * @throws RunnerException when a benchmark fails
   * @throws IOException when a program fails or a file cannot be written
   * @throws InterruptedException when interrupted while a program runs
   */
  public static void main(String[] args) throws RunnerException, IOException, InterruptedException {
    if (args.length == 3 && args[0].equals("report")) {
      report(Path.of(args[1]), ResultFile.read(Path.of(args[2])));
    } else if (args.length >= 4 && (args[0].equals("short") || args[0].equals("full"))) {
      measure(args[0], Path.of(args[1]), args[2], args[3], args.length > 4 ? args[4] : "");
    } else {
      System.err.println(
          "usage: short|full CHECKOUT COMMIT MACHINE [WHAT], report CHECKOUT RESULT");
      System.exit(2);
    }
  }

  private static void measure(
      String size, Path checkout, String commit, String machine, String what)
      throws RunnerException, IOException, InterruptedException {
    String name = LocalDate.now() + "-" + machine + "-" + commit;
    Path file = checkout.resolve(RESULTS).resolve(name + ".json");
    boolean full = size.equals("full");
    Map<String, String> about = Machine.about(commit);
    ResultFile result = ResultFile.of(file, size, about);
    Scenarios scenarios = new Scenarios(checkout, full ? Plan.full() : Plan.brief());
    for (String scenario : Scenarios.NAMES) {
      if (what.isEmpty() || what.equals("processes") || what.equals(scenario)) {
        result.addFigures(scenarios.run(scenario));
        result.write();
      }
    }
    if (what.isEmpty() || !(what.equals("processes") || Scenarios.NAMES.contains(what))) {
      Path json = Files.createTempFile("cairn-jmh", ".json");
      new Runner(
              options(full)
                  .include(what.isEmpty() ? ALL_OF_JMH : what)
                  .resultFormat(ResultFormatType.JSON)
                  .result(json.toString())
                  .build())
          .run();
      result.addJmh(json);
      Files.delete(json);
      result.write();
    }
    report(checkout, result);
  }

  private static void report(Path checkout, ResultFile result) throws IOException {
    Report report = new Report(result);
    report.write();
    report.writeInto(checkout.resolve("README.md"), RESULTS);
  }

  private static ChainedOptionsBuilder options(boolean full) {
    return new OptionsBuilder()
        .shouldFailOnError(true)
        .forks(full ? 2 : 1)
        .warmupIterations(full ? 2 : 1)
        .warmupTime(TimeValue.seconds(1))
        .measurementIterations(2)
        .measurementTime(TimeValue.seconds(1))
        .timeout(new TimeValue(10, TimeUnit.MINUTES));
  }
}
