package dev.cairn.benchmarks.bbolt;

import java.util.Locale;
import java.util.function.LongSupplier;

/** Adds up the time of one kind of work, without what lies between its pieces. One thread. */
final class Meter {
  private final String operation;
  private long nanos;
  private long operations;

  Meter(String operation) {
    this.operation = operation;
  }

  /**
   * @param work says how many operations it did
   */
  Meter measure(LongSupplier work) {
    long from = System.nanoTime();
    operations += work.getAsLong();
    nanos += System.nanoTime() - from;
    return this;
  }

  /** A line of JSON. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "{\"op\":\"%s\",\"seconds\":%.6f,\"operations\":%d}",
        operation,
        nanos / 1e9,
        operations);
  }
}
