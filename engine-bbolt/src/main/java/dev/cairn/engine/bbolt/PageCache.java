package dev.cairn.engine.bbolt;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Pages that were read or written lately, up to a number of bytes. Thread-safe and without locks.
 *
 * <p>A page may stand in any of the four slots that its number leads to. When the bytes are too
 * many, a hand goes round and takes away what was not used since it last came by; a page that a
 * scan passed once goes first.
 *
 * <p>A page is put in only while it cannot be replaced on the disk: a reader does it while its
 * version is pinned, and the writer takes out what it writes over.
 */
final class PageCache {
  private static final int WAYS = 4;
  private static final int SLOTS_MAX = 1 << 24;

  /** What a page costs beside its bytes. */
  private static final int OVERHEAD_BYTES = 128;

  private final AtomicReferenceArray<Page> slots;
  private final int setMask;
  private final long bytesMax;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger hand = new AtomicInteger();

  PageCache(long bytesMax, int pageSizeBytes) {
    this.bytesMax = bytesMax;
    long pages = Math.min(SLOTS_MAX / 4, bytesMax / (pageSizeBytes + OVERHEAD_BYTES)) + 1;
    int sets = Integer.highestOneBit((int) pages) * 4 / WAYS;
    slots = new AtomicReferenceArray<>(sets * WAYS);
    setMask = sets - 1;
  }

  private int firstSlot(long id) {
    long mixed = id * 0x9E3779B97F4A7C15L;
    return ((int) (mixed >>> 32) & setMask) * WAYS;
  }

  /** The page, or null. */
  Page get(long id) {
    int first = firstSlot(id);
    for (int way = 0; way < WAYS; way++) {
      Page page = slots.getAcquire(first + way);
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
    int first = firstSlot(page.id());
    int slot = first + (hand.get() & WAYS - 1);
    for (int way = 0; way < WAYS; way++) {
      Page there = slots.getAcquire(first + way);
      if (there == null || there.id() == page.id()) {
        slot = first + way;
        break;
      }
      if (!there.untouch()) {
        slot = first + way;
      }
    }
    replace(slot, page);
    shrink();
  }

  /** Takes a page out, before its place on the disk gets other content. */
  void remove(long id) {
    int first = firstSlot(id);
    for (int way = 0; way < WAYS; way++) {
      Page page = slots.getAcquire(first + way);
      if (page != null && page.id() == id) {
        replace(first + way, null);
      }
    }
  }

  private void replace(int slot, Page page) {
    Page before = slots.getAndSet(slot, page);
    bytes.addAndGet(cost(page) - cost(before));
  }

  private static long cost(Page page) {
    return page == null ? 0 : page.heldBytes() + OVERHEAD_BYTES;
  }

  private void shrink() {
    int looksMax = 2 * slots.length();
    for (int looks = 0; looks < looksMax && bytes.get() > bytesMax; looks++) {
      int slot = hand.getAndIncrement() & slots.length() - 1;
      Page page = slots.getAcquire(slot);
      if (page != null && !page.untouch() && slots.compareAndSet(slot, page, null)) {
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
