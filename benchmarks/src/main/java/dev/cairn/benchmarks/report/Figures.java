package dev.cairn.benchmarks.report;

import dev.cairn.benchmarks.scenarios.Figure;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The figures of one scenario, and what all rounds say together. */
record Figures(List<Figure> all) {
  static Figures of(ResultFile result, String scenario) {
    return new Figures(
        result.figures().stream()
            .filter(each -> each.scenario().equals(scenario))
            .collect(Collectors.toList()));
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  List<Integer> sizes() {
    return all.stream().map(Figure::mebibytes).distinct().sorted().collect(Collectors.toList());
  }

  List<String> subjects() {
    return all.stream().map(Figure::subject).distinct().collect(Collectors.toList());
  }

  private DoubleStream values(String subject, int mebibytes, String name) {
    return all.stream()
        .filter(each -> each.subject().equals(subject) && each.mebibytes() == mebibytes)
        .filter(each -> each.values().containsKey(name))
        .mapToDouble(each -> each.values().get(name));
  }

  double median(String subject, int mebibytes, String name) {
    return Numbers.median(values(subject, mebibytes, name));
  }

  double least(String subject, int mebibytes, String name) {
    return values(subject, mebibytes, name).min().orElse(Double.NaN);
  }

  double most(String subject, int mebibytes, String name) {
    return values(subject, mebibytes, name).max().orElse(Double.NaN);
  }

  /** The median of the ratios round by round: what drifts between rounds cancels out. */
  double ratio(String subject, String other, int mebibytes, String name) {
    double[] ours = values(subject, mebibytes, name).toArray();
    double[] theirs = values(other, mebibytes, name).toArray();
    int rounds = Math.min(ours.length, theirs.length);
    return Numbers.median(IntStream.range(0, rounds).mapToDouble(i -> ours[i] / theirs[i]));
  }

  long rounds() {
    return all.stream().mapToInt(Figure::round).max().orElse(-1) + 1L;
  }
}
