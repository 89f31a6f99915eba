package dev.cairn.benchmarks;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** A page with a table for each class of benchmarks: what was seen, and how far it spread. */
final class ResultPage {
  private final StringBuilder text = new StringBuilder();

  private ResultPage() {}

  static String of(String name, String size, Collection<RunResult> results) {
    ResultPage page = new ResultPage();
    BenchmarkParams any = results.iterator().next().getParams();
    page.line("# Benchmarks " + name, "");
    page.line(
        "`benchmarks/run %s`: %d fork(s), %s, %d iteration(s) measured of %s each, JDK %s, %d processors. Every engine commits durably (`SYNC`)."
            .formatted(
                size,
                any.getForks(),
                any.getWarmup().getCount() + " to warm up",
                any.getMeasurement().getCount(),
                any.getMeasurement().getTime(),
                any.getJdkVersion(),
                Runtime.getRuntime().availableProcessors()));
    Map<String, Map<String, RunResult>> classes = new TreeMap<>();
    for (RunResult result : results) {
      String benchmark = result.getParams().getBenchmark();
      String[] parts = benchmark.split("\\.");
      classes
          .computeIfAbsent(parts[parts.length - 2], each -> new TreeMap<>())
          .put(parts[parts.length - 1] + " " + parameters(result.getParams()), result);
    }
    classes.forEach(page::table);
    return page.text.toString();
  }

  private static String parameters(BenchmarkParams params) {
    return params.getParamsKeys().stream()
        .map(key -> key + "=" + params.getParam(key))
        .collect(Collectors.joining(", "));
  }

  private void table(String name, Map<String, RunResult> results) {
    line("", "## " + name, "", "| what | a second | spread (99.9 %) |", "|---|---:|---:|");
    results.forEach(
        (what, result) -> {
          row(what, result.getPrimaryResult());
          result
              .getSecondaryResults()
              .forEach((aside, secondary) -> row(what + ": " + aside, secondary));
        });
  }

  private void row(String what, Result<?> result) {
    line(
        "| %s | %s | %s |"
            .formatted(what, number(result.getScore()), number(result.getScoreError())));
  }

  private static String number(double value) {
    return Double.isNaN(value)
        ? "-"
        : String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.2f" : "%,.0f", value);
  }

  private void line(String... lines) {
    for (String each : lines) {
      text.append(each).append('\n');
    }
  }
}
