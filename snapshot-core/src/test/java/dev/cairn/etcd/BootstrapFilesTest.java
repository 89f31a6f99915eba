package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.snap.SnapFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import dev.cairn.wal.RaftFixture;
import dev.cairn.wal.RecordType;
import dev.cairn.wal.SnapshotNote;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.WalRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a restore writes beside the database, held against what the real etcdctl wrote. */
class BootstrapFilesTest {
  private static final long SEGMENT_BYTES = 64_000_000;

  @TempDir Path directory;

  static List<RaftFixture> restored() {
    return RaftFixture.RESTORED;
  }

  @ParameterizedTest
  @MethodSource("restored")
  void everyByteIsEtcdctls(RaftFixture fixture) throws IOException {
    NewCluster cluster = NewCluster.of(Restored.flags(fixture));
    BootstrapFiles files = write(cluster);
    byte[] expected = Arrays.copyOf(fixture.bytes(RaftFixture.FIRST_SEGMENT), (int) SEGMENT_BYTES);
    assertEquals(RaftFixture.FIRST_SEGMENT, files.segment().getFileName().toString());
    assertArrayEquals(expected, Files.readAllBytes(files.segment()));
    String snap = files.snap().getFileName().toString();
    assertArrayEquals(fixture.bytes(snap), Files.readAllBytes(files.snap()));
    try (var left = Files.list(directory)) {
      assertEquals(2, left.count());
    }
    TestRun.report("bytes of restored logs equal to etcdctl's", expected.length);
  }

  private BootstrapFiles write(NewCluster cluster) {
    return BootstrapFiles.write(LocalDisk.INSTANCE, cluster, directory, directory);
  }

  /** From 3.5 on the log's note names the configuration; the rest is the same. */
  @ParameterizedTest
  @EnumSource(TargetVersion.class)
  void theNoteHasAConfigurationFrom35On(TargetVersion target) {
    NewCluster cluster = NewCluster.of(Restored.flags(RaftFixture.RESTORED_M2).withTarget(target));
    BootstrapFiles files = write(cluster);
    RaftSnapshot snapshot = SnapFile.read(LocalDisk.INSTANCE, files.snap());
    assertEquals(cluster.confState(), snapshot.confState());
    List<SnapshotNote> notes = notes(files.segment());
    assertEquals(SnapshotNote.NONE, notes.get(0));
    boolean named = target != TargetVersion.V3_4;
    assertEquals(
        new SnapshotNote(3, 1, named ? Optional.of(cluster.confState()) : Optional.empty()),
        notes.get(1));
    assertEquals(2, notes.size());
  }

  private static List<SnapshotNote> notes(Path segment) {
    List<SnapshotNote> notes = new ArrayList<>();
    try (WalReader reader = WalReader.open(LocalDisk.INSTANCE, List.of(segment))) {
      for (WalRecord record = reader.next(); record != null; record = reader.next()) {
        if (record.type() == RecordType.SNAPSHOT) {
          notes.add(record.snapshot());
        }
      }
    }
    return notes;
  }

  @Test
  void aLogIsNotReplaced() throws IOException {
    NewCluster cluster = NewCluster.of(ClusterFlags.defaults());
    BootstrapFiles files = write(cluster);
    byte[] before = Files.readAllBytes(files.segment());
    StorageException refused = assertThrows(StorageException.class, () -> write(cluster));
    assertEquals(Code.EXISTS, refused.code());
    assertTrue(refused.getMessage().contains(RaftFixture.FIRST_SEGMENT), refused.getMessage());
    assertArrayEquals(before, Files.readAllBytes(files.segment()));
  }

  /** The most members that the document has events for. */
  @Test
  void manyMembersAreWritten() {
    StringBuilder cluster = new StringBuilder();
    for (int i = 1; i <= 1000; i++) {
      cluster.append("m").append(i).append("=http://10.0.0.1:").append(i).append(',');
    }
    ClusterFlags flags =
        ClusterFlags.defaults()
            .withName("m1")
            .withPeerUrls("http://10.0.0.1:1")
            .withInitialCluster(cluster.toString());
    BootstrapFiles files = write(NewCluster.of(flags));
    byte[] data = SnapFile.read(LocalDisk.INSTANCE, files.snap()).data();
    assertEquals(NewCluster.of(flags).members().size(), V2Document.read(data).members().size());
    StorageException refused =
        assertThrows(
            StorageException.class,
            () -> NewCluster.of(flags.withInitialCluster(cluster + "n=http://10.0.0.2:1")));
    assertEquals("an initial cluster of 1001 members; at most 1000", refused.getMessage());
  }
}
