package dev.cairn.cli;

import dev.cairn.io.Disk;
import dev.cairn.spi.StorageException;
import dev.cairn.wal.Entry;
import dev.cairn.wal.HardState;
import dev.cairn.wal.SegmentName;
import dev.cairn.wal.SnapshotNote;
import dev.cairn.wal.Wal;
import dev.cairn.wal.WalContent;
import dev.cairn.wal.WalEnd;
import java.nio.file.Path;
import java.util.List;

/**
 * What a server would start from that finds a log: the newest snapshot that it notes, and the
 * entries behind it. Changes nothing.
 */
final class WalStart {
  private final int segments;
  private final SnapshotNote snapshot;
  private final WalContent content;
  private long lastIndex;
  private long entries;

  private WalStart(Disk disk, Path directory) {
    segments = SegmentName.list(disk, directory).size();
    List<SnapshotNote> notes = Wal.validSnapshots(disk, directory);
    snapshot = notes.isEmpty() ? SnapshotNote.NONE : notes.get(notes.size() - 1);
    lastIndex = snapshot.index();
    content = Wal.read(disk, directory, snapshot, this::count);
  }

  /** Reads every record of a log. */
  static WalStart of(Disk disk, Path directory) {
    return new WalStart(disk, directory);
  }

  private void count(Entry entry) {
    lastIndex = entry.index();
    entries = lastIndex - snapshot.index();
  }

  static Column[] columns() {
    return new Column[] {
      Column.text("NODE", "node", "Node"),
      Column.text("CLUSTER", "cluster", "Cluster"),
      Column.number("SEGMENTS", "segments", "Segments"),
      Column.number("SNAPSHOT", "snapshotIndex", "SnapshotIndex"),
      Column.number("ENTRIES", "entries", "Entries"),
      Column.number("LAST", "lastIndex", "LastIndex"),
      Column.number("TERM", "term", "Term"),
      Column.text("VOTE", "vote", "Vote"),
      Column.number("COMMIT", "commit", "Commit")
    };
  }

  Cell[] cells() {
    HardState state = content.hardState();
    return new Cell[] {
      RaftContent.id(content.metadata().nodeId()),
      RaftContent.id(content.metadata().clusterId()),
      Cell.of(segments),
      RaftContent.number(snapshot.index()),
      RaftContent.number(entries),
      RaftContent.number(lastIndex),
      RaftContent.number(state.term()),
      RaftContent.id(state.vote()),
      RaftContent.number(state.commit())
    };
  }

  /** Refuses what a server would not start on. */
  void check() {
    WalEnd end = content.end();
    if (end.torn()) {
      throw StorageException.corrupt(
          end.segment(),
          end.offsetBytes(),
          "the last record is cut off, as a loss of power leaves it; cairn wal repair cuts it away");
    }
    long commit = content.hardState().commit();
    if (Long.compareUnsigned(commit, lastIndex) > 0) {
      throw StorageException.corrupt(
          end.segment(),
          end.offsetBytes(),
          "entry %s was agreed on, but the log ends with entry %s"
              .formatted(Long.toUnsignedString(commit), Long.toUnsignedString(lastIndex)));
    }
  }
}
