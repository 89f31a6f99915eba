package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snap.SnapFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.SimulatedDisk.Fault;
import dev.cairn.testkit.TestRun;
import dev.cairn.wal.RaftFixture;
import dev.cairn.wal.WalReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Both files are there and whole once they are said to be, whatever happens to the power then. */
class BootstrapFilesCutsTest {
  private static final long SEED = TestRun.seed(BootstrapFilesCutsTest.class);
  private static final Path WAL = Path.of("/member/wal");
  private static final Path SNAP = Path.of("/member/snap");
  private static final String SNAP_NAME = "0000000000000001-0000000000000003.snap";
  private static final RaftFixture FIXTURE = RaftFixture.RESTORED_M2;
  private static final byte[] LOG = FIXTURE.bytes(RaftFixture.FIRST_SEGMENT);
  private static final byte[] SNAPSHOT = FIXTURE.bytes(SNAP_NAME);

  private static BootstrapFiles write(SimulatedDisk disk) {
    return BootstrapFiles.write(disk, NewCluster.of(Restored.flags(FIXTURE)), WAL, SNAP);
  }

  private static void prepare(SimulatedDisk disk) {
    disk.makeDirectories(WAL);
    disk.makeDirectories(SNAP);
  }

  private static PowerCuts<BootstrapFiles> cuts() {
    return PowerCuts.<BootstrapFiles>of(
            "restored raft files",
            SEED,
            (disk, acknowledge) -> acknowledge.accept(write(disk)),
            BootstrapFilesCutsTest::check)
        .withPreparation(BootstrapFilesCutsTest::prepare)
        .withSiteFrames(4);
  }

  private static void check(SimulatedDisk disk, List<BootstrapFiles> written) {
    Path snap = SNAP.resolve(SNAP_NAME);
    if (disk.exists(snap)) {
      assertArrayEquals(SNAPSHOT, disk.bytes(snap));
    }
    for (BootstrapFiles files : written) {
      assertEquals(snap, files.snap());
      assertEquals(3, SnapFile.read(disk, snap).index());
      checkLog(disk, files.segment());
    }
  }

  private static void checkLog(SimulatedDisk disk, Path segment) {
    assertEquals(64_000_000, disk.sizeBytes(segment));
    try (WalReader reader = WalReader.open(disk, List.of(segment))) {
      int records = 0;
      while (reader.next() != null) {
        records++;
      }
      assertEquals(8, records);
      assertEquals(LOG.length, reader.end().orElseThrow().offsetBytes());
      assertEquals(0x3b4fc37d, reader.end().orElseThrow().crc());
    }
  }

  @Test
  void everyOperationMayBeTheLast() {
    cuts().withStates(TestRun.count(480, 4_800)).everyOperation();
  }

  @Test
  void everySyncMatters() {
    Set<String> sites = cuts().everySyncMatters();
    assertEquals(4, sites.size(), sites::toString);
  }

  /** Every operation fails once: the error is typed, and nothing stays open. */
  @Test
  void everyOperationMayFail() {
    int failures = 0;
    for (Fault fault : List.of(Fault.IO, Fault.FULL)) {
      failures += failAtEach(fault);
    }
    TestRun.report("failed operations of restored raft files", failures);
  }

  private static int failAtEach(Fault fault) {
    int failures = 0;
    for (int n = 1; ; n++) {
      SimulatedDisk disk = new SimulatedDisk(SEED);
      prepare(disk);
      int[] left = {n};
      disk.inject(operation -> --left[0] == 0, fault);
      try {
        write(disk);
        if (left[0] > 0) {
          return failures;
        }
      } catch (StorageException failure) {
        assertTrue(failure.code() == Code.IO || failure.code() == Code.FULL);
        failures++;
      }
      assertEquals(List.of(), disk.openFiles());
    }
  }
}
