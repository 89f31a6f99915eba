package dev.cairn.etcd;

import dev.cairn.io.Disk;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.snap.SnapFile;
import dev.cairn.spi.StorageException;
import dev.cairn.wal.ConfChange;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import dev.cairn.wal.HardState;
import dev.cairn.wal.RecordType;
import dev.cairn.wal.SegmentName;
import dev.cairn.wal.SnapshotNote;
import dev.cairn.wal.WalMetadata;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.WalRecord;
import dev.cairn.wal.WalWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files that a restored member starts raft from, as {@code snapshot restore} of the target's
 * own tool makes them: a log in which every member was added and that was agreed on, and a snapshot
 * at its end.
 *
 * @param segment {@code 0000000000000000-0000000000000000.wal} in the directory of the log
 * @param snap {@code 0000000000000001-INDEX.snap} in the directory of snapshots
 */
public record BootstrapFiles(Path segment, Path snap) {
  /**
   * Writes the files. Both, and their names, are durable when this returns; the directories' own
   * names are the caller's to make durable.
   *
   * @param disk where
   * @param cluster which cluster, and which of its members
   * @param walDirectory an existing, empty directory
   * @param snapDirectory an existing directory
   * @return the files
   * @throws StorageException {@code exists} when there is a segment; {@code full} or {@code io}:
   *     what was made so far is left and is of no use
   */
  public static BootstrapFiles write(
      Disk disk, NewCluster cluster, Path walDirectory, Path snapDirectory) {
    RaftSnapshot snapshot =
        new RaftSnapshot(
            cluster.index(),
            cluster.term(),
            cluster.confState(),
            V2DocumentWriter.write(cluster.members(), cluster.target()));
    Path snap = SnapFile.write(disk, snapDirectory, snapshot);
    writeLog(disk, cluster, walDirectory);
    return new BootstrapFiles(walDirectory.resolve(new SegmentName(0, 0).fileName()), snap);
  }

  /**
   * Whose log is in a directory.
   *
   * @param disk where
   * @param walDirectory an existing directory
   * @return as the first records tell; empty where there is no log
   * @throws StorageException {@code corrupt}; else as the disk's calls
   */
  public static Optional<WalMetadata> owner(Disk disk, Path walDirectory) {
    List<Path> segments = SegmentName.list(disk, walDirectory);
    if (segments.isEmpty()) {
      return Optional.empty();
    }
    try (WalReader log = WalReader.open(disk, segments)) {
      for (WalRecord record = log.next(); record != null; record = log.next()) {
        if (record.type() == RecordType.METADATA) {
          return Optional.of(record.metadata());
        }
      }
    }
    return Optional.empty();
  }

  private static void writeLog(Disk disk, NewCluster cluster, Path directory) {
    WalMetadata metadata = new WalMetadata(cluster.self().id(), cluster.clusterId());
    try (WalWriter log = WalWriter.create(disk, directory, metadata)) {
      log.append(entries(cluster), hardState(cluster));
      log.append(note(cluster));
      log.sync();
    }
  }

  private static List<Entry> entries(NewCluster cluster) {
    List<Entry> entries = new ArrayList<>();
    for (Member member : cluster.members()) {
      byte[] context = member.json().getBytes(StandardCharsets.UTF_8);
      byte[] change = ConfChange.addNode(member.id(), context).encode();
      entries.add(new Entry(EntryType.CONF_CHANGE, cluster.term(), entries.size() + 1, change));
    }
    return entries;
  }

  /** Every member's vote is the one with the smallest id, whichever is restored: so does etcd. */
  private static HardState hardState(NewCluster cluster) {
    return new HardState(cluster.term(), cluster.members().get(0).id(), cluster.index());
  }

  private static SnapshotNote note(NewCluster cluster) {
    return new SnapshotNote(
        cluster.index(),
        cluster.term(),
        cluster.target().keepsTerm() ? Optional.of(cluster.confState()) : Optional.empty());
  }
}
