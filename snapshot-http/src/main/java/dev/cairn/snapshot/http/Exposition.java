package dev.cairn.snapshot.http;

import java.math.BigDecimal;

/**
 * The text that Prometheus reads, format 0.0.4: a few figures without labels need no library, whose
 * smallest form is eight jars.
 */
final class Exposition {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder text = new StringBuilder(8 << 10);

  /** A figure that rises and falls. */
  void gauge(String name, String help, double value) {
    head(name, help, "gauge");
    line(name, number(value));
  }

  /** A figure that only rises. */
  void counter(String name, String help, long value) {
    head(name, help, "counter");
    line(name, Long.toString(value));
  }

  void histogram(String name, String help, Histogram histogram) {
    head(name, help, "histogram");
    long upTo = 0;
    for (int i = 0; i < histogram.bounds(); i++) {
      upTo += histogram.count(i);
      bucket(name, number(histogram.boundSeconds(i)), upTo);
    }
    upTo += histogram.count(histogram.bounds());
    bucket(name, "+Inf", upTo);
    line(name + "_sum", number(histogram.sumSeconds()));
    line(name + "_count", Long.toString(upTo));
  }

  private void head(String name, String help, String type) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private void bucket(String name, String bound, long count) {
    line(name + "_bucket{le=\"" + bound + "\"}", Long.toString(count));
  }

  private void line(String name, String value) {
    text.append(name).append(' ').append(value).append('\n');
  }

  /** Without an exponent, and without a fraction where there is none. */
  private static String number(double value) {
    return value == 0 ? "0" : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
