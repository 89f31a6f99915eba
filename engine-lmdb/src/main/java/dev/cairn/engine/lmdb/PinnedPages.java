package dev.cairn.engine.lmdb;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeMap;

/**
 * How many pages the open transactions keep from being used again. LMDB gives back what a commit
 * freed only when every transaction that is older than that commit has ended, so the sum over the
 * commits since the oldest one is what is pinned. Thread-safe.
 */
final class PinnedPages {
  private record Freed(long txnId, long pages) {}

  private final TreeMap<Long, Integer> open = new TreeMap<>();
  private final Deque<Freed> freed = new ArrayDeque<>();
  private long freedPages;

  synchronized void began(long txnId) {
    open.merge(txnId, 1, Integer::sum);
  }

  synchronized void ended(long txnId) {
    open.computeIfPresent(txnId, (id, count) -> count == 1 ? null : count - 1);
    trim();
  }

  synchronized boolean isIdle() {
    return open.isEmpty();
  }

  /** Notes what the commit {@code txnId} freed. */
  synchronized void committed(long txnId, long pages) {
    freed.addLast(new Freed(txnId, pages));
    freedPages += pages;
    trim();
  }

  synchronized long count() {
    return freedPages;
  }

  private void trim() {
    long oldest = open.isEmpty() ? Long.MAX_VALUE : open.firstKey();
    while (!freed.isEmpty() && freed.peekFirst().txnId <= oldest) {
      freedPages -= freed.removeFirst().pages;
    }
  }
}
