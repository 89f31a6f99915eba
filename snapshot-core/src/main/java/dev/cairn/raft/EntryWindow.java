package dev.cairn.raft;

import dev.cairn.wal.Entry;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The entries behind a base, of which index and term alone are known. Checks nothing: indexes are
 * within bounds. One thread at a time.
 */
final class EntryWindow {
  private static final int ROOM_MIN = 16;

  private Entry[] entries = new Entry[ROOM_MIN];
  private int start;
  private int count;
  private long baseIndex;
  private long baseTerm;

  long baseIndex() {
    return baseIndex;
  }

  long lastIndex() {
    return baseIndex + count;
  }

  int count() {
    return count;
  }

  /** Of the base, too. */
  long term(long index) {
    return index == baseIndex ? baseTerm : entries[at(index)].term();
  }

  private int at(long index) {
    return start + (int) (index - baseIndex - 1);
  }

  /** A list of its own: it keeps nothing in memory but what is in it. */
  List<Entry> slice(long lo, long hi, long bytesMax) {
    int from = at(lo);
    int to = at(hi);
    int end = Math.min(from + 1, to);
    long bytes = end > from ? EntrySize.of(entries[from]) : 0;
    while (end < to) {
      bytes += EntrySize.of(entries[end]);
      if (Long.compareUnsigned(bytes, bytesMax) > 0) {
        break;
      }
      end++;
    }
    return Collections.unmodifiableList(Arrays.asList(Arrays.copyOfRange(entries, from, end)));
  }

  /** From the index of the first of them on, which is at most one past the end. */
  void append(List<Entry> added) {
    int kept = (int) (added.get(0).index() - baseIndex - 1);
    Arrays.fill(entries, start + kept, start + count, null);
    count = kept;
    if (entries.length - start - count < added.size()) {
      makeRoom(added.size());
    }
    for (Entry entry : added) {
      entries[start + count++] = entry;
    }
  }

  /**
   * Twice what is needed: as many entries as are copied now can be added before the next time. It
   * is also how an array shrinks that a compaction has emptied.
   */
  private void makeRoom(int added) {
    int needed = Math.addExact(count, added);
    int room = Math.max(ROOM_MIN, (int) Math.min(2L * needed, Integer.MAX_VALUE - 8));
    Entry[] roomier = new Entry[room];
    System.arraycopy(entries, start, roomier, 0, count);
    entries = roomier;
    start = 0;
  }

  /** Makes an entry the base. */
  void dropTo(long index) {
    int dropped = (int) (index - baseIndex);
    baseTerm = term(index);
    baseIndex = index;
    Arrays.fill(entries, start, start + dropped, null);
    start += dropped;
    count -= dropped;
  }

  void restart(long index, long term) {
    entries = new Entry[ROOM_MIN];
    start = 0;
    count = 0;
    baseIndex = index;
    baseTerm = term;
  }
}
