package dev.cairn.snapshot.http;

import java.util.concurrent.atomic.LongAdder;

/** How often something took how long, in buckets whose bounds double. Thread-safe. */
final class Histogram {
  private static final double NANOS = 1e-9;

  private final double[] boundsSeconds;
  private final LongAdder[] counts;
  private final LongAdder sumNanos = new LongAdder();

  /** With so many bounds, and one bucket more above them. */
  Histogram(double firstSeconds, int bounds) {
    boundsSeconds = new double[bounds];
    counts = new LongAdder[bounds + 1];
    for (int i = 0; i < bounds; i++) {
      boundsSeconds[i] = firstSeconds * (1L << i);
      counts[i] = new LongAdder();
    }
    counts[bounds] = new LongAdder();
  }

  void add(long nanos) {
    int bucket = 0;
    while (bucket < boundsSeconds.length && nanos * NANOS > boundsSeconds[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    sumNanos.add(nanos);
  }

  int bounds() {
    return boundsSeconds.length;
  }

  double boundSeconds(int bucket) {
    return boundsSeconds[bucket];
  }

  /** How many fell into this bucket alone; the last one has no bound. */
  long count(int bucket) {
    return counts[bucket].sum();
  }

  double sumSeconds() {
    return sumNanos.sum() * NANOS;
  }
}
