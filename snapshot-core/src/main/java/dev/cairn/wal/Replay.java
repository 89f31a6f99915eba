package dev.cairn.wal;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads a log from a snapshot on, with etcd's rules and names for what may be wrong. */
final class Replay {
  private final SnapshotNote from;
  private final Consumer<Entry> sink;
  private final boolean keeps;
  private final List<Entry> entries = new ArrayList<>();
  private WalMetadata metadata;
  private HardState state = HardState.EMPTY;
  private long lastIndex;
  private long count;
  private boolean matched;

  private Replay(SnapshotNote from, Consumer<Entry> sink) {
    this.from = from;
    this.keeps = sink == null;
    this.sink = keeps ? this::collect : sink;
    this.lastIndex = from.index();
  }

  /** Keeps the entries in a list. */
  static Replay toList(SnapshotNote from) {
    return new Replay(from, null);
  }

  /** Hands each entry on; one takes the place of those that came with its index and higher ones. */
  static Replay toConsumer(SnapshotNote from, Consumer<Entry> sink) {
    return new Replay(from, sink);
  }

  private void collect(Entry entry) {
    int kept = (int) (count - 1);
    if (kept < entries.size()) {
      entries.subList(kept, entries.size()).clear();
    }
    entries.add(entry);
  }

  /** Reads to the end, which may be a cut record. */
  WalContent read(WalReader reader) {
    for (WalRecord record = reader.next(); record != null; record = reader.next()) {
      accept(record);
    }
    WalEnd end = reader.end().orElseThrow();
    if (metadata == null) {
      throw StorageException.corrupt(end.segment(), 0, "the log does not say whose it is");
    }
    return new WalContent(metadata, state, entries, end);
  }

  /** Refuses a log that does not know the snapshot it was to be read from. */
  void requireSnapshot(WalContent content) {
    if (!matched) {
      throw StorageException.of(
          Code.NOT_FOUND,
          content.end().segment(),
          "wal: snapshot not found: the log has no note of index %s, term %s"
              .formatted(Long.toUnsignedString(from.index()), Long.toUnsignedString(from.term())));
    }
  }

  /** Of the last entry; of the snapshot where none stands behind it. */
  long lastIndex() {
    return lastIndex;
  }

  private void accept(WalRecord record) {
    switch (record.type()) {
      case METADATA -> accept(record, record.metadata());
      case ENTRY -> accept(record, record.entry());
      case STATE -> state = record.hardState();
      case SNAPSHOT -> accept(record, record.snapshot());
      default -> {}
    }
  }

  private void accept(WalRecord record, WalMetadata found) {
    if (metadata != null && !metadata.equals(found)) {
      throw corrupt(record, "wal: conflicting metadata found");
    }
    metadata = found;
  }

  private void accept(WalRecord record, Entry entry) {
    if (Long.compareUnsigned(entry.index(), from.index()) > 0) {
      long position = entry.index() - from.index() - 1;
      if (Long.compareUnsigned(position, count) > 0) {
        throw corrupt(
            record,
            "wal: slice bounds out of range: entry %s where %s is next"
                .formatted(
                    Long.toUnsignedString(entry.index()),
                    Long.toUnsignedString(from.index() + count + 1)));
      }
      count = position + 1;
      lastIndex = entry.index();
      sink.accept(entry);
    } else if (count > 0) {
      beginAnew(entry);
    }
  }

  /** A new leader's entry, before the snapshot, replaced all that had come behind it. */
  private void beginAnew(Entry entry) {
    count = 0;
    lastIndex = from.index();
    entries.clear();
    if (!keeps) {
      sink.accept(entry);
    }
  }

  private void accept(WalRecord record, SnapshotNote note) {
    if (note.index() == from.index()) {
      if (note.term() != from.term()) {
        throw corrupt(
            record,
            "wal: snapshot mismatch: index %s has term %s here, not %s"
                .formatted(
                    Long.toUnsignedString(note.index()),
                    Long.toUnsignedString(note.term()),
                    Long.toUnsignedString(from.term())));
      }
      matched = true;
    }
  }

  private static StorageException corrupt(WalRecord record, String what) {
    return StorageException.corrupt(record.segment(), record.offsetBytes(), what);
  }
}
