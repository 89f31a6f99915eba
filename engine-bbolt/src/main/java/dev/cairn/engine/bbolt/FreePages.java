package dev.cairn.engine.bbolt;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/**
 * Which pages nobody uses, one bit a page. A page that a transaction freed stays pending, as an
 * older version may still be read or be the one to fall back to, until {@link #release} is told
 * that none is. Used by the committing thread alone.
 *
 * <p>One transaction is open at a time: it allocates and frees, and then is sealed or taken back.
 */
final class FreePages {
  private record Pending(long txid, Runs runs) {}

  private final Path path;

  /** Free to be allocated. */
  private final BitSet free;

  /** Free, or pending: what a stored freelist holds. */
  private final BitSet unused;

  private final Deque<Pending> pending = new ArrayDeque<>();
  private long unusedCount;
  private long highWaterPages;

  private Runs freed = new Runs();
  private Runs taken = new Runs();
  private long highWaterBefore;

  /** Lower pages hold no free one. */
  private int singlesFrom;

  /** No free run is as long as this. */
  private int runMissing;

  /**
   * @param free this allocator's from now on
   */
  FreePages(Path path, BitSet free, long highWaterPages) {
    this.path = path;
    this.free = free;
    this.unused = (BitSet) free.clone();
    this.highWaterPages = highWaterPages;
    unusedCount = free.cardinality();
    begin();
  }

  long highWaterPages() {
    return highWaterPages;
  }

  /** Free and pending ones. */
  long unusedCount() {
    return unusedCount;
  }

  /** Lets go what transactions up to one have freed. */
  void release(long txidMax) {
    while (!pending.isEmpty() && pending.peek().txid <= txidMax) {
      Runs runs = pending.poll().runs;
      for (int i = 0; i < runs.size(); i++) {
        free.set(runs.first(i), runs.end(i));
      }
    }
    begin();
  }

  private void begin() {
    freed = new Runs();
    taken = new Runs();
    highWaterBefore = highWaterPages;
    singlesFrom = 0;
    runMissing = Integer.MAX_VALUE;
  }

  /** The first of so many pages in a row: the lowest free ones, else new ones at the end. */
  int allocate(int count) {
    int first = count == 1 ? single() : run(count);
    if (first < 0) {
      return extend(count);
    }
    free.clear(first, first + count);
    unused.clear(first, first + count);
    unusedCount -= count;
    taken.add(first, count);
    return first;
  }

  private int single() {
    int first = free.nextSetBit(singlesFrom);
    singlesFrom = first < 0 ? Integer.MAX_VALUE : first;
    return first;
  }

  private int run(int count) {
    if (count >= runMissing) {
      return -1;
    }
    for (int first = free.nextSetBit(0); first >= 0; ) {
      int end = free.nextClearBit(first);
      if (end - first >= count) {
        return first;
      }
      first = free.nextSetBit(end);
    }
    runMissing = count;
    return -1;
  }

  private int extend(int count) {
    if (highWaterPages + count > Layout.PAGES_MAX) {
      throw StorageException.of(
          Code.FULL,
          path,
          "has " + highWaterPages + " pages, the most there can be; defragment it");
    }
    int first = (int) highWaterPages;
    highWaterPages += count;
    return first;
  }

  /** Frees pages that the newest version uses; a page is freed once. */
  void free(long first, int count) {
    int next = unused.nextSetBit((int) first);
    if (first < Layout.FIRST_PAGE
        || first + count > highWaterBefore
        || (next >= 0 && next < first + count)) {
      throw StorageException.of(
          Code.CORRUPT,
          path,
          "page " + first + " is used twice, or used and free; restore the store from a snapshot");
    }
    unused.set((int) first, (int) first + count);
    unusedCount += count;
    freed.add((int) first, count);
  }

  /** How many pages the transaction has freed so far. */
  long freedCount() {
    return freed.pages();
  }

  /** Ends the transaction; what it freed is pending under its number. */
  void seal(long txid) {
    pending.add(new Pending(txid, freed));
    begin();
  }

  /** Takes the transaction back. */
  void takeBack() {
    for (int i = 0; i < freed.size(); i++) {
      unused.clear(freed.first(i), freed.end(i));
    }
    for (int i = 0; i < taken.size(); i++) {
      free.set(taken.first(i), taken.end(i));
      unused.set(taken.first(i), taken.end(i));
    }
    unusedCount += taken.pages() - freed.pages();
    highWaterPages = highWaterBefore;
    begin();
  }

  /** All free and pending pages, to be read only. */
  BitSet unused() {
    return unused;
  }
}
