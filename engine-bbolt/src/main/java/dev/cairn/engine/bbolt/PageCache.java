package dev.cairn.engine.bbolt;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Pages that were read or written lately, up to a number of bytes. Thread-safe and without locks.
 *
 * <p>A page has a slot of its own while the table is longer than the file, so that a look at it is
 * one at its page; beyond that it may stand in any of the four slots around. When the bytes are too
 * many, a hand goes round and takes away what was not used since it last came by; a page that a
 * scan passed once goes first.
 *
 * <p>A page is put in only while it cannot be replaced on the disk: a reader does it while its
 * version is pinned, and the writer takes out what it writes over.
 */
final class PageCache {
  private static final int WAYS = 4;
  private static final int SLOTS_MIN = 64;
  private static final int SLOTS_MAX = 1 << 24;

  private final long bytesMax;
  private final int slotsMax;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger hand = new AtomicInteger();

  /** As many as the file has use for; replaced by the writer alone. */
  private volatile AtomicReferenceArray<Page> slots;

  /**
   * @param pages how many there are now
   */
  PageCache(long bytesMax, int pageSizeBytes, long pages) {
    this.bytesMax = bytesMax;
    slotsMax = powerOfTwo(2 * (bytesMax / (pageSizeBytes + Page.OBJECT_BYTES)));
    slots = new AtomicReferenceArray<>(slotsFor(pages));
  }

  private static int powerOfTwo(long least) {
    long slots = Long.highestOneBit(Math.max(1, least - 1)) << 1;
    return (int) Math.max(SLOTS_MIN, Math.min(SLOTS_MAX, slots));
  }

  private int slotsFor(long pages) {
    return Math.min(slotsMax, powerOfTwo(2 * pages));
  }

  /**
   * Makes room for more pages. Called by the writer alone, as {@link #remove} is, so that no page
   * which that takes out can come back; what readers put in meanwhile may be lost.
   */
  void grow(long pages) {
    AtomicReferenceArray<Page> before = slots;
    if (slotsFor(pages) > before.length()) {
      slots = new AtomicReferenceArray<>(slotsFor(2 * pages));
      bytes.set(0);
      for (int slot = 0; slot < before.length(); slot++) {
        Page page = before.getAcquire(slot);
        if (page != null) {
          put(page);
        }
      }
    }
  }

  /** The slot that a page belongs in; numbers past the table are spread over it. */
  private static int home(AtomicReferenceArray<Page> table, long id) {
    int length = table.length();
    long rounds = id >>> Integer.numberOfTrailingZeros(length);
    return (int) (id + (rounds * 0x9E3779B97F4A7C15L >>> 32)) & (length - 1);
  }

  /** The page, or null. */
  Page get(long id) {
    AtomicReferenceArray<Page> table = slots;
    int home = home(table, id);
    for (int way = 0; way < WAYS; way++) {
      Page page = table.getAcquire(home ^ way);
      if (page != null && page.id() == id) {
        page.touch();
        return page;
      }
    }
    return null;
  }

  /** Keeps a page, in the place of another one where there is no room. */
  void put(Page page) {
    if (cost(page) > bytesMax / WAYS) {
      return;
    }
    AtomicReferenceArray<Page> table = slots;
    int home = home(table, page.id());
    int slot = home ^ (hand.get() & (WAYS - 1));
    for (int way = 0; way < WAYS; way++) {
      Page there = table.getAcquire(home ^ way);
      if (there == null || there.id() == page.id()) {
        slot = home ^ way;
        break;
      }
      if (!there.untouch()) {
        slot = home ^ way;
      }
    }
    replace(table, slot, page);
    shrink(table, slot);
  }

  /** Takes a page out, before its place on the disk gets other content. */
  void remove(long id) {
    AtomicReferenceArray<Page> table = slots;
    int home = home(table, id);
    for (int way = 0; way < WAYS; way++) {
      Page page = table.getAcquire(home ^ way);
      if (page != null && page.id() == id) {
        replace(table, home ^ way, null);
      }
    }
  }

  private void replace(AtomicReferenceArray<Page> table, int slot, Page page) {
    Page before = table.getAndSet(slot, page);
    bytes.addAndGet(cost(page) - cost(before));
  }

  private static long cost(Page page) {
    return page == null ? 0 : page.memoryBytes();
  }

  /** Takes away what was not used, but for the one slot. */
  private void shrink(AtomicReferenceArray<Page> table, int kept) {
    int looksMax = 2 * table.length();
    for (int looks = 0; looks < looksMax && bytes.get() > bytesMax; looks++) {
      int slot = hand.getAndIncrement() & (table.length() - 1);
      Page page = table.getAcquire(slot);
      boolean idle = page != null && slot != kept && !page.untouch();
      if (idle && table.compareAndSet(slot, page, null)) {
        bytes.addAndGet(-cost(page));
      }
    }
  }

  long bytesMax() {
    return bytesMax;
  }

  long bytes() {
    return bytes.get();
  }
}
