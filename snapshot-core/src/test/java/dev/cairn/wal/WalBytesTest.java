package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import dev.cairn.testkit.TestRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real server saved, saved by us: the same files, byte by byte, and cut where it cut. */
class WalBytesTest {
  private static final String SECOND_SEGMENT = "0000000000000001-0000000000000046.wal";

  @TempDir Path directory;

  @Test
  void aLogThatEtcdHasCutIsCutThere() throws Exception {
    Path source = Files.createDirectory(directory.resolve("etcd"));
    unpackWhole(RaftFixture.WALCUT, RaftFixture.FIRST_SEGMENT, 64_006_824, source);
    unpackWhole(RaftFixture.WALCUT, SECOND_SEGMENT, 64_000_000, source);
    assertSameFiles(source, saved(source));
  }

  @Test
  void aLogWithNotesOfSnapshotsIsTheSame() throws Exception {
    Path source = Files.createDirectory(directory.resolve("etcd"));
    unpackWhole(RaftFixture.WAL, RaftFixture.FIRST_SEGMENT, 64_000_000, source);
    assertSameFiles(source, saved(source));
  }

  static void unpackWhole(RaftFixture fixture, String file, long sizeBytes, Path directory) {
    try (var segment =
        LocalDisk.INSTANCE.open(fixture.unpack(file, directory), Disk.Mode.READ_WRITE)) {
      segment.setLength(sizeBytes);
    }
  }

  private Path saved(Path source) {
    Path target = directory.resolve("ours");
    List<Path> segments = SegmentName.list(LocalDisk.INSTANCE, source);
    try (WalReader reader = WalReader.open(LocalDisk.INSTANCE, segments)) {
      reader.next();
      WalMetadata metadata = reader.next().metadata();
      assertEquals(SnapshotNote.NONE, reader.next().snapshot());
      try (Wal wal = Wal.create(LocalDisk.INSTANCE, target, metadata, WalOptions.defaults())) {
        saveAll(reader, wal);
      }
    }
    return target;
  }

  /** A server's save is its entries with the hard state behind them. */
  private static void saveAll(WalReader reader, Wal wal) {
    List<Entry> entries = new ArrayList<>();
    boolean head = false;
    for (WalRecord record = reader.next(); record != null; record = reader.next()) {
      switch (record.type()) {
        case ENTRY -> entries.add(record.entry());
        case SNAPSHOT -> {
          wal.save(HardState.EMPTY, entries);
          entries.clear();
          wal.saveSnapshot(record.snapshot());
        }
        case STATE -> {
          if (!head) {
            wal.save(record.hardState(), entries);
            entries.clear();
          }
        }
        default -> {}
      }
      // Of a later segment the metadata and the state behind it were written by the cut.
      head = record.type() == RecordType.METADATA;
    }
    wal.save(HardState.EMPTY, entries);
  }

  private static void assertSameFiles(Path wanted, Path found) throws Exception {
    List<Path> files = LocalDisk.INSTANCE.list(wanted);
    assertEquals(
        files.stream().map(Path::getFileName).toList(),
        LocalDisk.INSTANCE.list(found).stream().map(Path::getFileName).toList());
    for (Path file : files) {
      Path ours = found.resolve(file.getFileName());
      assertEquals(Files.size(file), Files.size(ours), file::toString);
      assertEquals(-1, Files.mismatch(file, ours), file::toString);
    }
    TestRun.report("segments with etcd's bytes", files.size());
  }
}
