package dev.cairn.benchmarks.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Numbers as the report shows them. */
final class Numbers {
  private Numbers() {}

  static double median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
  }

  /** Three digits that count, thousands apart. */
  static String of(double value) {
    double size = Math.abs(value);
    if (Double.isNaN(value) || value == 0) {
      return value == 0 ? "0" : "-";
    }
    String pattern = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f";
    return String.format(Locale.ROOT, pattern, value);
  }

  static String range(double low, double high) {
    return of(low) + " - " + of(high);
  }

  static String mebibytes(double bytes) {
    return Double.isNaN(bytes) ? "-" : String.format(Locale.ROOT, "%,.0f", bytes / 1048576);
  }
}
