package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.ClusterFlags;
import dev.cairn.etcd.EtcdView;
import dev.cairn.etcd.NewCluster;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.snap.SnapFile;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import dev.cairn.wal.WalReader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A restore of a member of a new cluster, its WAL inside the data directory or on another file
 * system, cut at any operation: with a member its WAL is whole, and the same call again always
 * brings the work to its end.
 */
class MemberPowerCutsTest {
  private static final long SEED = TestRun.seed(MemberPowerCutsTest.class);
  private static final Path SOURCE = Path.of("/backup/snapshot.db");
  private static final Path DATA = Path.of("/data");
  private static final String INSIDE = "/data/member/wal";
  private static final String FOREIGN = "/fast/disk/wal";
  private static final int SITE_FRAMES = 4;
  private static final String RESTORED = "restored";

  private static final NewCluster CLUSTER = NewCluster.of(ClusterFlags.defaults());
  private static final String SEGMENT = "0000000000000000-0000000000000000.wal";
  private static final String SNAP = "0000000000000001-0000000000000001.snap";

  private static void prepare(SimulatedDisk disk, boolean mounted) {
    disk.makeDirectories(SOURCE.getParent());
    try (DiskFile file = disk.open(SOURCE, Disk.Mode.CREATE_NEW)) {
      file.write(0, ByteBuffer.wrap(Fixture.TINY.bytes()));
    }
    disk.makeDirectories(Path.of("/fast"));
    if (mounted) {
      disk.makeDirectories(DATA);
    }
  }

  private static RestoreResult restore(Disk disk, String format, String wal) {
    StoreFormat target =
        format.equals("heap") ? StoreFormat.engine(new HeapEngine(disk)) : StoreFormat.etcd();
    NewMember inside = NewMember.of(CLUSTER);
    NewMember member = wal.equals(INSIDE) ? inside : inside.withWalDirectory(Path.of(wal));
    return Restore.restore(
        RestoreRequest.of(SnapshotFile.inspect(disk, SOURCE), DATA, target).withMember(member));
  }

  private static PowerCuts<String> cuts(String format, String wal, boolean mounted) {
    return PowerCuts.<String>of(
            "restore of a member to " + format + ", WAL in " + wal,
            SEED,
            (disk, acknowledge) -> {
              restore(disk, format, wal);
              acknowledge.accept(RESTORED);
            },
            (disk, said) -> check(disk, format, wal, said))
        .withPreparation(disk -> prepare(disk, mounted))
        .withSiteFrames(SITE_FRAMES);
  }

  private static void check(SimulatedDisk disk, String format, String wal, List<String> said) {
    boolean there = disk.exists(DATA.resolve("member"));
    assertTrue(there || said.isEmpty(), "the member of a finished restore is gone");
    if (there) {
      checkMember(disk, format, wal);
    }
    try {
      restore(disk, format, wal);
    } catch (StorageException e) {
      assertEquals(Code.EXISTS, e.code(), e.getMessage());
      assertTrue(there, e.getMessage());
    }
    checkMember(disk, format, wal);
    assertEquals(List.of(DATA.resolve("member")), disk.list(DATA));
    Path elsewhere = Path.of(FOREIGN);
    if (wal.equals(FOREIGN)) {
      assertEquals(List.of(elsewhere), disk.list(elsewhere.getParent()));
    } else {
      assertEquals(List.of(), disk.list(elsewhere.getParent().getParent()));
    }
  }

  private static void checkMember(SimulatedDisk disk, String format, String wal) {
    Path database = DATA.resolve("member/snap/db");
    try (WalReader log = WalReader.open(disk, List.of(Path.of(wal, SEGMENT)))) {
      int records = 0;
      while (log.next() != null) {
        records++;
      }
      assertEquals(6, records);
      assertFalse(log.end().orElseThrow().torn());
    }
    assertEquals(1, SnapFile.read(disk, database.resolveSibling(SNAP)).index());
    StoreFormat made =
        format.equals("heap") ? StoreFormat.engine(new HeapEngine(disk)) : StoreFormat.etcd();
    try (ReadView view = made.builder().openView(disk, database)) {
      assertEquals(1, EtcdView.consistentIndex(view));
      assertEquals(List.of(CLUSTER.self().idHex()), EtcdView.memberIds(view));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "etcd, " + INSIDE + ", false",
    "etcd, " + INSIDE + ", true",
    "etcd, " + FOREIGN + ", false",
    "heap, " + FOREIGN + ", true"
  })
  void everyOperationMayBeTheLast(String format, String wal, boolean mounted) {
    cuts(format, wal, mounted)
        .withRecovery(disk -> recover(disk, format, wal))
        .withStates(TestRun.count(16, 320))
        .everyOperation();
  }

  /** The second run is cut as well. */
  private static void recover(SimulatedDisk disk, String format, String wal) {
    try {
      restore(disk, format, wal);
    } catch (StorageException e) {
      assertEquals(Code.EXISTS, e.code());
    }
  }

  /** Only with a WAL elsewhere: without one the plan binds nothing, see RestorePowerCutsTest. */
  @Test
  void everySyncMatters() {
    Set<String> sites = cuts("etcd", FOREIGN, false).everySyncMatters();
    assertEquals(15, sites.size(), sites::toString);
  }

  /** A run that was cut before it used the place of its WAL has no right to what is there later. */
  @Test
  void aDirectoryThatSomebodyElseMadeMeanwhileIsLeftAlone() {
    SimulatedDisk whole = new SimulatedDisk(1);
    prepare(whole, true);
    long before = whole.operations();
    restore(whole, "etcd", FOREIGN);
    long operations = whole.operations() - before;
    Path theirs = Path.of(FOREIGN, "theirs");
    for (long number = 1; number <= operations; number++) {
      SimulatedDisk disk = new SimulatedDisk(1);
      prepare(disk, true);
      failFrom(disk, number);
      if (disk.exists(theirs.getParent())) {
        continue;
      }
      disk.makeDirectories(theirs.getParent());
      disk.open(theirs, Disk.Mode.CREATE_NEW).close();
      try {
        restore(disk, "etcd", INSIDE);
      } catch (StorageException e) {
        assertEquals(Code.EXISTS, e.code(), e.getMessage());
      }
      assertTrue(disk.exists(theirs));
      assertFalse(disk.exists(DATA.resolve("member/theirs")));
    }
    TestRun.report("restores cut before their WAL was in its place", operations);
  }

  /** All members of a cluster have the same database, so that alone does not tell whose it is. */
  @Test
  void anotherMembersWorkIsNotTakenForDone() {
    SimulatedDisk disk = new SimulatedDisk(1);
    prepare(disk, true);
    restore(disk, "etcd", INSIDE);
    disk.makeDirectories(DATA.resolve(".cairn-restore-1"));
    NewCluster other = NewCluster.of(ClusterFlags.defaults().withToken("another"));
    RestoreRequest asIs =
        RestoreRequest.of(SnapshotFile.inspect(disk, SOURCE), DATA, StoreFormat.etcd());
    for (RestoreRequest wrong : List.of(asIs, asIs.withMember(NewMember.of(other)))) {
      StorageException e = assertThrows(StorageException.class, () -> Restore.restore(wrong));
      assertEquals(Code.EXISTS, e.code(), e.getMessage());
    }
    NewMember elsewhere = NewMember.of(CLUSTER).withWalDirectory(Path.of(FOREIGN));
    assertThrows(StorageException.class, () -> Restore.restore(asIs.withMember(elsewhere)));
    assertTrue(restore(disk, "etcd", INSIDE).publishedEarlier());
  }

  @Test
  void theUsualPlaceOfTheWalMayBeNamedAndNoOtherInTheDataDirectory() {
    SimulatedDisk disk = new SimulatedDisk(1);
    prepare(disk, false);
    StorageException e =
        assertThrows(StorageException.class, () -> restore(disk, "etcd", "/data/log"));
    assertEquals(Code.UNSUPPORTED, e.code(), e.getMessage());
    assertFalse(disk.exists(DATA));
    NewMember named = NewMember.of(CLUSTER).withWalDirectory(Path.of(INSIDE));
    Restore.restore(
        RestoreRequest.of(SnapshotFile.inspect(disk, SOURCE), DATA, StoreFormat.etcd())
            .withMember(named));
    checkMember(disk, "etcd", INSIDE);
  }

  /** From an operation on nothing works any more, so that the run cannot clean up. */
  private static void failFrom(SimulatedDisk disk, long number) {
    long first = disk.operations() + number;
    AtomicBoolean failing = new AtomicBoolean(true);
    disk.inject(each -> failing.get() && each.number() >= first, SimulatedDisk.Fault.IO);
    try {
      restore(disk, "etcd", FOREIGN);
    } catch (StorageException e) {
      assertEquals(Code.IO, e.code(), e.getMessage());
    }
    failing.set(false);
  }
}
