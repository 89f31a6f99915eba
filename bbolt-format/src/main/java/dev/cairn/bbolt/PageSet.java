package dev.cairn.bbolt;

import java.util.BitSet;

/** A set of page ids below the high water: one bit a page. */
final class PageSet {
  private final BitSet ids = new BitSet();

  boolean contains(long page) {
    return ids.get((int) page);
  }

  /** Adds a page; false when it was there. */
  boolean add(long page) {
    boolean fresh = !contains(page);
    ids.set((int) page);
    return fresh;
  }

  /** Adds pages in a row; false when one of them was there. */
  boolean addAll(long first, long count) {
    boolean fresh = !containsAny(first, count);
    ids.set((int) first, (int) (first + count));
    return fresh;
  }

  boolean containsAny(long first, long count) {
    int next = ids.nextSetBit((int) first);
    return next >= 0 && next < first + count;
  }

  /** The first page from one on that is neither here nor in another set. */
  long nextInNeither(long from, PageSet other) {
    int page = (int) from;
    int before;
    do {
      before = page;
      page = other.ids.nextClearBit(ids.nextClearBit(page));
    } while (page != before);
    return page;
  }

  /** The first page from one on that is here or in another set, or the end. */
  long nextInEither(long from, PageSet other, long end) {
    return Math.min(nextSet(ids, from, end), nextSet(other.ids, from, end));
  }

  private static long nextSet(BitSet set, long from, long end) {
    int next = set.nextSetBit((int) from);
    return next < 0 ? end : Math.min(next, end);
  }

  long size() {
    return ids.cardinality();
  }
}
