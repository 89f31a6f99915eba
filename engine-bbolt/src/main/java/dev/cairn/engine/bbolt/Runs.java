package dev.cairn.engine.bbolt;

import java.util.Arrays;

/** Runs of pages, in the order of adding, and which transaction made each of them. */
final class Runs {
  private int[] firsts = new int[16];
  private int[] counts = new int[16];
  private long[] births = new long[16];
  private int size;
  private long pages;

  /**
   * @param birthTxid 0 when it does not matter
   */
  void add(int first, int count, long birthTxid) {
    if (size == firsts.length) {
      firsts = Arrays.copyOf(firsts, size * 2);
      counts = Arrays.copyOf(counts, size * 2);
      births = Arrays.copyOf(births, size * 2);
    }
    firsts[size] = first;
    counts[size] = count;
    births[size] = birthTxid;
    size++;
    pages += count;
  }

  /** One run of others. */
  void add(Runs others, int index) {
    add(others.firsts[index], others.counts[index], others.births[index]);
  }

  int size() {
    return size;
  }

  int first(int index) {
    return firsts[index];
  }

  int end(int index) {
    return firsts[index] + counts[index];
  }

  long birthTxid(int index) {
    return births[index];
  }

  /** How many pages all runs have together. */
  long pages() {
    return pages;
  }
}
