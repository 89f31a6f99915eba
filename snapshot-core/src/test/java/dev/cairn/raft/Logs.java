package dev.cairn.raft;

import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import java.util.ArrayList;
import java.util.List;

/** Entries for tests. */
final class Logs {
  private Logs() {}

  static Entry entry(long index, long term, int dataBytes) {
    return new Entry(EntryType.NORMAL, term, index, new byte[dataBytes]);
  }

  static Entry entry(long index, long term) {
    return entry(index, term, 0);
  }

  /** Text such as {@code 4:1 5:1 6:2}, index and term. */
  static List<Entry> entries(String text) {
    List<Entry> entries = new ArrayList<>();
    for (String each : text.isEmpty() ? new String[0] : text.split(" ")) {
      String[] pair = each.split(":");
      entries.add(entry(Long.parseUnsignedLong(pair[0]), Long.parseUnsignedLong(pair[1])));
    }
    return entries;
  }

  static String text(List<Entry> entries) {
    StringBuilder text = new StringBuilder();
    for (Entry each : entries) {
      text.append(text.isEmpty() ? "" : " ");
      text.append(Long.toUnsignedString(each.index())).append(':');
      text.append(Long.toUnsignedString(each.term()));
    }
    return text.toString();
  }

  /** All that a log has. */
  static String text(RaftLog log) {
    return log.firstIndex() > log.lastIndex()
        ? ""
        : text(log.entries(log.firstIndex(), log.lastIndex() + 1, -1));
  }
}
