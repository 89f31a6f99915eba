package dev.cairn.engine.mapdb;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Pages of the main file that were read or written last, checked ones only. Each page has one place
 * in it, which it shares with others. Thread-safe.
 */
final class PageCache {
  private record Cached(long page, byte[] bytes) {}

  private final AtomicReferenceArray<Cached> places;
  private volatile long changes;

  PageCache(long sizeBytes) {
    long count = Math.max(16, Math.min(1 << 26, sizeBytes / Pages.PAGE_BYTES));
    places = new AtomicReferenceArray<>((int) Long.highestOneBit(count));
  }

  private int place(long page) {
    return (int) (page ^ page >>> 20) & places.length() - 1;
  }

  byte[] get(long page) {
    Cached cached = places.get(place(page));
    return cached != null && cached.page == page ? cached.bytes : null;
  }

  /** To be taken before a page is read that is then put. */
  long changes() {
    return changes;
  }

  /** Keeps a page that was read, unless the file has been changed since. */
  void put(long page, byte[] bytes, long changesBefore) {
    synchronized (this) {
      if (changes == changesBefore) {
        places.set(place(page), new Cached(page, bytes));
      }
    }
  }

  /** The file is about to be changed, or was: what is being read meanwhile is not kept. */
  void changing() {
    synchronized (this) {
      changes++;
    }
  }

  /** Replaces a page that the file was given. */
  void replace(long page, byte[] bytes) {
    places.set(place(page), new Cached(page, bytes));
  }
}
