package dev.cairn.engine.bbolt;

import java.util.Arrays;

/** Runs of pages, in the order of adding. */
final class Runs {
  private int[] firsts = new int[16];
  private int[] counts = new int[16];
  private int size;
  private long pages;

  void add(int first, int count) {
    if (size == firsts.length) {
      firsts = Arrays.copyOf(firsts, size * 2);
      counts = Arrays.copyOf(counts, size * 2);
    }
    firsts[size] = first;
    counts[size] = count;
    size++;
    pages += count;
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

  /** How many pages all runs have together. */
  long pages() {
    return pages;
  }
}
