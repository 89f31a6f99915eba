package dev.cairn.benchmarks.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One result of JMH.
 *
 * @param group the class of the benchmark, without its package
 * @param name its method; behind a colon what was counted aside
 * @param params without the contender
 * @param contender who did it; empty where there is one only
 * @param mode JMH's: {@code thrpt}, {@code avgt}, {@code sample}, {@code ss}
 * @param score the mean
 * @param low the least of all iterations
 * @param high the most of them
 * @param unit of these
 * @param percentiles of a sampled time, by JMH's names such as {@code 99.0}; else empty
 * @param effort forks and iterations
 */
record Score(
    String group,
    String name,
    Map<String, String> params,
    String contender,
    String mode,
    double score,
    double low,
    double high,
    String unit,
    Map<String, Double> percentiles,
    String effort) {

  static List<Score> of(JsonObject jmh) {
    List<Score> scores = new ArrayList<>();
    JsonObject primary = jmh.getAsJsonObject("primaryMetric");
    scores.add(of(jmh, "", primary));
    // Of a sampled time these are its percentiles once more.
    boolean sampled = jmh.get("mode").getAsString().equals("sample");
    if (jmh.has("secondaryMetrics") && !sampled) {
      for (Map.Entry<String, JsonElement> each :
          jmh.getAsJsonObject("secondaryMetrics").entrySet()) {
        scores.add(of(jmh, ": " + each.getKey(), each.getValue().getAsJsonObject()));
      }
    }
    return scores;
  }

  private static Score of(JsonObject jmh, String aside, JsonObject metric) {
    String[] parts = jmh.get("benchmark").getAsString().split("\\.");
    Map<String, String> params = new TreeMap<>();
    if (jmh.has("params")) {
      jmh.getAsJsonObject("params")
          .entrySet()
          .forEach(each -> params.put(each.getKey(), each.getValue().getAsString()));
    }
    String contender = params.getOrDefault("contender", "");
    params.remove("contender");
    double score = metric.get("score").getAsDouble();
    List<Double> raw = new ArrayList<>();
    if (metric.has("rawData")) {
      metric
          .getAsJsonArray("rawData")
          .forEach(
              fork -> fork.getAsJsonArray().forEach(iteration -> raw.add(iteration.getAsDouble())));
    }
    Map<String, Double> percentiles = new TreeMap<>();
    if (metric.has("scorePercentiles") && jmh.get("mode").getAsString().equals("sample")) {
      metric
          .getAsJsonObject("scorePercentiles")
          .entrySet()
          .forEach(each -> percentiles.put(each.getKey(), each.getValue().getAsDouble()));
    }
    return new Score(
        parts[parts.length - 2],
        parts[parts.length - 1] + aside,
        params,
        contender,
        jmh.get("mode").getAsString(),
        score,
        raw.stream().mapToDouble(each -> each).min().orElse(score),
        raw.stream().mapToDouble(each -> each).max().orElse(score),
        metric.get("scoreUnit").getAsString(),
        percentiles,
        "%s x (%s + %s) of %s"
            .formatted(
                jmh.get("forks").getAsString(),
                jmh.get("warmupIterations").getAsString(),
                jmh.get("measurementIterations").getAsString(),
                jmh.get("measurementTime").getAsString()));
  }

  boolean isRaw() {
    return contender.endsWith("-raw");
  }

  /** What was done, for a table: the method and its parameters. */
  String what() {
    StringBuilder what = new StringBuilder(name);
    params.forEach((key, value) -> what.append(", ").append(key).append(' ').append(value));
    return what.toString();
  }
}
