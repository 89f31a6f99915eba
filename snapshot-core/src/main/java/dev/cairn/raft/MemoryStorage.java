package dev.cairn.raft;

import dev.cairn.raft.RaftLogException.Reason;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.wal.ConfState;
import dev.cairn.wal.Entry;
import dev.cairn.wal.HardState;
import java.util.List;

/**
 * A log in memory, as etcd keeps it beside its files: the host writes an entry to its log on disk
 * and then appends it here. Thread-safe.
 *
 * <p>Appending costs the entries appended, however long the log is; compaction costs the entries
 * that it drops. Entries handed out stay as they are, whatever happens to the log.
 */
public final class MemoryStorage implements RaftLog {
  private final EntryWindow window = new EntryWindow();
  private HardState hardState = HardState.EMPTY;
  private RaftSnapshot snapshot = RaftSnapshot.NONE;

  /** A log of nothing. */
  public MemoryStorage() {}

  @Override
  public synchronized InitialState initialState() {
    return new InitialState(hardState, snapshot.confState());
  }

  /**
   * Replaces the hard state.
   *
   * @param newHardState what {@link #initialState()} tells from now on
   */
  public synchronized void setHardState(HardState newHardState) {
    hardState = newHardState;
  }

  @Override
  public synchronized List<Entry> entries(long lo, long hi, long bytesMax) {
    if (Long.compareUnsigned(lo, window.baseIndex()) <= 0) {
      throw answer(Reason.COMPACTED, lo);
    }
    if (Long.compareUnsigned(lo, hi) > 0) {
      throw new IllegalArgumentException("entries from %s to %s".formatted(text(lo), text(hi)));
    }
    checkNotPast(hi - 1, "entries up to");
    if (window.count() == 0) {
      throw answer(Reason.UNAVAILABLE, lo);
    }
    return window.slice(lo, hi, bytesMax);
  }

  @Override
  public synchronized long term(long index) {
    if (Long.compareUnsigned(index, window.baseIndex()) < 0) {
      throw answer(Reason.COMPACTED, index);
    }
    if (Long.compareUnsigned(index, window.lastIndex()) > 0) {
      throw answer(Reason.UNAVAILABLE, index);
    }
    return window.term(index);
  }

  @Override
  public synchronized long firstIndex() {
    return window.baseIndex() + 1;
  }

  @Override
  public synchronized long lastIndex() {
    return window.lastIndex();
  }

  @Override
  public synchronized RaftSnapshot snapshot() {
    return snapshot;
  }

  /**
   * Appends entries. Those that the log has already left behind are passed over; from the first
   * other one on they replace what the log has, to its end.
   *
   * @param entries in order, each index one above that before it; may be empty; copied
   * @throws IllegalArgumentException for a gap, among them or behind the log; nothing is appended
   */
  public synchronized void append(List<Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    List<Entry> added = List.copyOf(entries);
    checkConsecutive(added);
    long first = added.get(0).index();
    if (Long.compareUnsigned(first - 1, window.lastIndex()) > 0) {
      throw new IllegalArgumentException(
          "missing log entry [last: %s, append at: %s]"
              .formatted(text(window.lastIndex()), text(first)));
    }
    int old = oldBefore(first, added.size());
    if (old < added.size()) {
      window.append(added.subList(old, added.size()));
    }
  }

  /** How many of as many entries from an index on are older than the first one kept. */
  private int oldBefore(long index, int count) {
    long firstKept = firstIndex();
    if (Long.compareUnsigned(index, firstKept) >= 0) {
      return 0;
    }
    long distance = firstKept - index;
    return Long.compareUnsigned(distance, count) < 0 ? (int) distance : count;
  }

  private static void checkConsecutive(List<Entry> entries) {
    long index = entries.get(0).index();
    if (index == 0) {
      throw new IllegalArgumentException("an entry of index 0; the first one has 1");
    }
    for (Entry entry : entries) {
      if (entry.index() != index++) {
        throw new IllegalArgumentException(
            "entry %s stands where %s should".formatted(text(entry.index()), text(index - 1)));
      }
    }
  }

  /**
   * Forgets old entries.
   *
   * @param index of the last one to forget; its term is still known
   * @throws RaftLogException {@code COMPACTED} when that has happened already
   * @throws IllegalArgumentException when it is past the end
   */
  public synchronized void compact(long index) {
    if (Long.compareUnsigned(index, window.baseIndex()) <= 0) {
      throw answer(Reason.COMPACTED, index);
    }
    checkNotPast(index, "compaction to");
    window.dropTo(index);
  }

  /**
   * Sets the snapshot of an entry of this log. The entries stay: {@link #compact} forgets them.
   *
   * @param index of the last entry that it holds
   * @param confState the configuration as of that entry
   * @param data the host's own; belongs to the snapshot from now on
   * @return the snapshot, to be saved
   * @throws RaftLogException {@code SNAPSHOT_OUT_OF_DATE} unless it is newer than the one that is
   *     there, {@code COMPACTED} when the entry's term is not known any more
   * @throws IllegalArgumentException when it is past the end
   */
  public synchronized RaftSnapshot createSnapshot(long index, ConfState confState, byte[] data) {
    checkNewer(index);
    checkNotPast(index, "snapshot of");
    snapshot = new RaftSnapshot(index, term(index), confState, data);
    return snapshot;
  }

  /**
   * Begins anew from a snapshot, as it comes from a leader or from a file.
   *
   * @param newSnapshot the log is empty behind it
   * @throws RaftLogException {@code SNAPSHOT_OUT_OF_DATE} unless it is newer than the one that is
   *     there
   */
  public synchronized void applySnapshot(RaftSnapshot newSnapshot) {
    checkNewer(newSnapshot.index());
    snapshot = newSnapshot;
    window.restart(newSnapshot.index(), newSnapshot.term());
  }

  private void checkNewer(long index) {
    if (Long.compareUnsigned(index, snapshot.index()) <= 0) {
      throw new RaftLogException(
          Reason.SNAPSHOT_OUT_OF_DATE,
          "%s, there is %s".formatted(text(index), text(snapshot.index())));
    }
  }

  private void checkNotPast(long index, String what) {
    if (Long.compareUnsigned(index, window.lastIndex()) > 0) {
      throw new IllegalArgumentException(
          "%s %s, the log ends with %s".formatted(what, text(index), text(window.lastIndex())));
    }
  }

  private RaftLogException answer(Reason reason, long index) {
    return new RaftLogException(
        reason,
        "%s, there are %s to %s"
            .formatted(text(index), text(window.baseIndex() + 1), text(window.lastIndex())));
  }

  private static String text(long unsigned) {
    return Long.toUnsignedString(unsigned);
  }
}
