package dev.cairn.benchmarks.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A table for each class of JMH benchmarks. */
final class JmhTables {
  private final ResultFile result;
  private final Page page;

  JmhTables(ResultFile result, Page page) {
    this.result = result;
    this.page = page;
  }

  void write() {
    Map<String, List<Score>> classes = new TreeMap<>();
    for (Score score : result.scores()) {
      classes.computeIfAbsent(score.group(), each -> new ArrayList<>()).add(score);
    }
    classes.forEach(this::table);
  }

  private void table(String group, List<Score> scores) {
    page.heading(group);
    page.paragraph(
        "`benchmarks/run %s %s`; JMH, forks x (iterations to warm up + measured): %s."
            .formatted(result.size(), group, scores.get(0).effort()));
    page.tableHead(List.of("what", "who", "mean", "least - most", "unit", "of the raw library's"));
    scores.sort(Comparator.comparing(Score::what).thenComparing(Score::contender));
    for (Score score : scores) {
      page.row(
          score.what(),
          score.contender(),
          Numbers.of(score.score()) + sampled(score),
          Numbers.range(score.low(), score.high()),
          score.unit(),
          Numbers.of(ofRaw(score, scores)));
    }
  }

  private static String sampled(Score score) {
    return score.percentiles().isEmpty()
        ? ""
        : " (p50 %s, p99 %s)"
            .formatted(
                Numbers.of(score.percentiles().getOrDefault("50.0", Double.NaN)),
                Numbers.of(score.percentiles().getOrDefault("99.0", Double.NaN)));
  }

  /** How much of the raw library's speed is left, 1 when nothing is lost; NaN without one. */
  static double ofRaw(Score score, Collection<Score> scores) {
    for (Score raw : scores) {
      if (raw.contender().equals(score.contender() + "-raw")
          && raw.group().equals(score.group())
          && raw.what().equals(score.what())
          && raw.mode().equals(score.mode())) {
        return score.mode().equals("thrpt")
            ? score.score() / raw.score()
            : raw.score() / score.score();
      }
    }
    return Double.NaN;
  }
}
