package dev.cairn.raft;

import dev.cairn.raft.RaftLogException.Reason;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.wal.ConfState;
import dev.cairn.wal.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * The same in its plainest form: a list whose first element stands for the entry before the first,
 * copied at every change. It knows nothing of numbers beyond the positive ones.
 */
final class ListLog {
  private List<Entry> entries = List.of(Logs.entry(0, 0));
  private RaftSnapshot snapshot = RaftSnapshot.NONE;

  private long base() {
    return entries.get(0).index();
  }

  long first() {
    return base() + 1;
  }

  long last() {
    return base() + entries.size() - 1;
  }

  RaftSnapshot snapshot() {
    return snapshot;
  }

  List<Entry> entries(long lo, long hi, long bytesMax) {
    answer(lo <= base(), Reason.COMPACTED);
    mistake(lo > hi || hi > last() + 1);
    answer(entries.size() == 1, Reason.UNAVAILABLE);
    List<Entry> taken = new ArrayList<>();
    long bytes = 0;
    for (long index = lo; index < hi; index++) {
      Entry entry = entries.get((int) (index - base()));
      bytes += entry.encode().length;
      if (bytes > bytesMax && !taken.isEmpty()) {
        break;
      }
      taken.add(entry);
    }
    return taken;
  }

  long term(long index) {
    answer(index < base(), Reason.COMPACTED);
    answer(index > last(), Reason.UNAVAILABLE);
    return entries.get((int) (index - base())).term();
  }

  void append(List<Entry> added) {
    if (added.isEmpty()) {
      return;
    }
    mistake(added.get(0).index() > last() + 1);
    List<Entry> newer = added.stream().filter(each -> each.index() > base()).toList();
    if (!newer.isEmpty()) {
      long kept = newer.get(0).index() - base();
      entries = new ArrayList<>(entries.subList(0, (int) kept));
      entries.addAll(newer);
    }
  }

  void compact(long index) {
    answer(index <= base(), Reason.COMPACTED);
    mistake(index > last());
    entries = new ArrayList<>(entries.subList((int) (index - base()), entries.size()));
  }

  RaftSnapshot createSnapshot(long index, ConfState confState, byte[] data) {
    answer(index <= snapshot.index(), Reason.SNAPSHOT_OUT_OF_DATE);
    mistake(index > last());
    snapshot = new RaftSnapshot(index, term(index), confState, data);
    return snapshot;
  }

  void applySnapshot(RaftSnapshot newer) {
    answer(newer.index() <= snapshot.index(), Reason.SNAPSHOT_OUT_OF_DATE);
    snapshot = newer;
    entries = List.of(Logs.entry(newer.index(), newer.term()));
  }

  private static void answer(boolean given, Reason reason) {
    if (given) {
      throw new RaftLogException(reason, "");
    }
  }

  private static void mistake(boolean made) {
    if (made) {
      throw new IllegalArgumentException();
    }
  }
}
