package dev.cairn.cli;

import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.snap.SnapFile;
import dev.cairn.snapshot.grpc.ServerIdentity;
import dev.cairn.wal.ConfChange;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import dev.cairn.wal.HardState;
import dev.cairn.wal.SegmentName;
import dev.cairn.wal.WalMetadata;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.WalRecord;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Who the member is whose data directory is served, as its log and its newest snapshot tell. */
final class LoggedMember {
  private final Disk disk;
  private final Set<Long> voters = new TreeSet<>();
  private long snapshotIndex;
  private WalMetadata metadata;
  private HardState state = HardState.EMPTY;

  private LoggedMember(Disk disk) {
    this.disk = disk;
  }

  /** Nobody where there is no log: a directory that was restored as it is. */
  static ServerIdentity of(Path dataDir) {
    Disk disk = LocalDisk.INSTANCE;
    Path member = dataDir.resolve("member");
    Path wal = member.resolve("wal");
    if (!disk.isDirectory(wal)) {
      return ServerIdentity.NONE;
    }
    LoggedMember logged = new LoggedMember(disk);
    logged.readSnapshot(member.resolve("snap"));
    logged.readLog(SegmentName.list(disk, wal));
    return logged.identity();
  }

  private void readSnapshot(Path directory) {
    Optional<Path> newest =
        disk.list(directory).stream()
            .filter(each -> each.getFileName().toString().endsWith(".snap"))
            .max(Comparator.comparing(each -> each.getFileName().toString()));
    if (newest.isPresent()) {
      RaftSnapshot snapshot = SnapFile.read(disk, newest.get());
      snapshotIndex = snapshot.index();
      voters.addAll(snapshot.confState().voters());
    }
  }

  private void readLog(List<Path> segments) {
    if (segments.isEmpty()) {
      return;
    }
    try (WalReader log = WalReader.open(disk, segments)) {
      for (WalRecord record = log.next(); record != null; record = log.next()) {
        switch (record.type()) {
          case METADATA -> metadata = record.metadata();
          case STATE -> state = record.hardState();
          case ENTRY -> follow(record.entry());
          default -> {}
        }
      }
    }
  }

  private void follow(Entry entry) {
    if (entry.type() == EntryType.NORMAL || entry.index() <= snapshotIndex) {
      return;
    }
    for (ConfChange.Step step : ConfChange.decode(entry).steps()) {
      switch (step.action()) {
        case ADD_NODE -> voters.add(step.nodeId());
        case REMOVE_NODE -> voters.remove(step.nodeId());
        default -> {}
      }
    }
  }

  /** A member that is its whole cluster leads it; of a larger one nobody is there to lead. */
  private ServerIdentity identity() {
    if (metadata == null) {
      return ServerIdentity.NONE;
    }
    long self = metadata.nodeId();
    long leader = voters.equals(Set.of(self)) ? self : 0;
    return new ServerIdentity(metadata.clusterId(), self, leader, state.term(), state.commit());
  }
}
