package dev.cairn.engine.bbolt;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * Which pages nobody uses, one bit a page. A page that a transaction freed stays pending, as an
 * older version may still be read or be the one to fall back to, until it is handed back with
 * {@link #release}. Used by the committing thread alone.
 *
 * <p>One transaction is open at a time: it allocates and frees, and then is sealed or taken back.
 */
final class FreePages {
  private final Path path;

  /** Free to be allocated. */
  private final BitSet free;

  /** Free, or pending: what a stored freelist holds. */
  private final BitSet unused;

  /** Of what was made since the oldest version that is held. */
  private final Births births = new Births();

  private long unusedCount;
  private long highWaterPages;

  private Runs freed = new Runs();

  /** Free pages that were allocated, and new ones at the end. */
  private Runs taken = new Runs();

  private Runs extended = new Runs();
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

  /** Takes back pending pages that need not be kept any more. */
  void release(Runs runs) {
    for (int i = 0; i < runs.size(); i++) {
      free.set(runs.first(i), runs.end(i));
    }
    begin();
  }

  private void begin() {
    freed = new Runs();
    taken = new Runs();
    extended = new Runs();
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
    taken.add(first, count, 0);
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
    extended.add(first, count, 0);
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
    freed.add((int) first, count, births.get((int) first));
  }

  /** What the transaction has freed, pending from now on. */
  Runs freed() {
    return freed;
  }

  /**
   * Ends the transaction.
   *
   * @param held whether an older version is held; if not, every version that will be held has all
   *     pages that there are now, so that it does not matter who made them
   */
  void seal(long txid, boolean held) {
    if (held) {
      remember(taken, txid);
      remember(extended, txid);
    } else {
      births.clear();
    }
    begin();
  }

  private void remember(Runs made, long txid) {
    for (int i = 0; i < made.size(); i++) {
      births.put(made.first(i), txid);
    }
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
