package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.lmdb.LmdbEngine;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreTest {
  @TempDir Path directory;
  private SnapshotFile source;
  private Path data;

  @BeforeEach
  void source() {
    source = SnapshotFile.inspect(Fixture.TINY.in(directory));
    data = directory.resolve("data");
  }

  private RestoreRequest request(String format) {
    return RestoreRequest.of(source, data, StoreFormat.named(format));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static StorageException assertRefused(Code code, Runnable action) {
    StorageException e = assertThrows(StorageException.class, action::run);
    assertEquals(code, e.code(), e.getMessage());
    return e;
  }

  @ParameterizedTest
  @ValueSource(strings = {"etcd", "lmdb", "heap"})
  void theTreeIsEtcdsAndNobodyElses(String format) throws IOException {
    data = directory.resolve("a/b/data");
    RestoreResult result = Restore.restore(request(format));
    assertEquals(data, result.dataDirectory());
    assertEquals(data.resolve("member/snap/db"), result.database());
    assertEquals(format, result.format());
    assertEquals(Fixture.TINY.totalKeys, result.entries());
    assertFalse(result.publishedEarlier());
    for (String each : List.of("", "member", "member/snap")) {
      assertEquals("rwx------", mode(data.resolve(each)));
    }
    assertEquals("rwx------", mode(directory.resolve("a")));
    assertEquals("rw-------", mode(result.database()));
    Set<String> names = Trees.of(data).keySet();
    assertEquals(Set.of("", "member", "member/snap", "member/snap/db"), names);
  }

  @Test
  void anEmptyDirectoryMayBeThere() throws IOException {
    Files.createDirectory(data);
    Restore.restore(request("etcd"));
    assertTrue(Files.exists(data.resolve("member/snap/db")));
  }

  @Test
  void anythingInTheDirectoryIsRefused() throws IOException {
    Files.createDirectory(data);
    Files.createFile(data.resolve("lost+found"));
    Map<String, String> before = Trees.of(directory);
    assertRefused(Code.EXISTS, () -> Restore.restore(request("etcd")));
    assertRefused(Code.EXISTS, () -> Restore.dryRun(request("etcd")));
    assertEquals(before, Trees.of(directory));
  }

  @Test
  void aSecondRestoreIsRefused() {
    Restore.restore(request("etcd"));
    Map<String, String> before = Trees.of(directory);
    assertRefused(Code.EXISTS, () -> Restore.restore(request("etcd")));
    assertEquals(before, Trees.of(directory));
  }

  @Test
  void aDryRunTellsTheResultAndMakesNothing() {
    Map<String, String> before = Trees.of(directory);
    RestoreResult dry = Restore.dryRun(request("lmdb"));
    assertEquals(before, Trees.of(directory));
    assertEquals(dry, Restore.restore(request("lmdb")));
  }

  @Test
  void whatAnEarlierRunLeftIsTakenAway() throws IOException {
    Path left = Files.createDirectories(data.resolve(".cairn-restore-0123/member/snap"));
    Files.write(left.resolve("db"), new byte[100]);
    Files.write(data.resolve(".cairn-restore-0123/plan.json"), new byte[10]);
    Restore.restore(request("lmdb"));
    assertEquals(Set.of("", "member", "member/snap", "member/snap/db"), Trees.of(data).keySet());
  }

  @Test
  void workThatWasPublishedEarlierIsFoundDone() throws IOException {
    RestoreResult first = Restore.restore(request("lmdb"));
    Files.createDirectory(data.resolve(".cairn-restore-0123"));
    RestoreResult second = Restore.restore(request("lmdb"));
    assertTrue(second.publishedEarlier());
    assertEquals(first.restoredHash(), second.restoredHash());
    assertFalse(Files.exists(data.resolve(".cairn-restore-0123")));
  }

  @Test
  void otherWorkThatWasPublishedEarlierIsLeftAlone() throws IOException {
    Restore.restore(request("lmdb"));
    Files.createDirectory(data.resolve(".cairn-restore-0123"));
    Map<String, String> before = Trees.of(data);
    SnapshotFile other = SnapshotFile.inspect(Fixture.RICH.in(directory));
    StoreFormat lmdb = StoreFormat.engine(new LmdbEngine());
    assertRefused(Code.EXISTS, () -> Restore.restore(RestoreRequest.of(other, data, lmdb)));
    assertRefused(Code.EXISTS, () -> Restore.restore(request("etcd")));
    assertEquals(before, Trees.of(data));
  }

  @Test
  void theHashIsNotComparedWhenThatIsAskedFor() throws IOException {
    byte[] bytes = Fixture.TINY.bytes();
    bytes[bytes.length - 1] ^= 1;
    source = SnapshotFile.inspect(Files.write(directory.resolve("wrong"), bytes));
    assertRefused(Code.HASH_MISMATCH, () -> Restore.restore(request("etcd")));
    Restore.restore(request("etcd").withoutHashCheck());
    assertEquals(20480, Files.size(data.resolve("member/snap/db")));
  }

  @Test
  void anUnknownFormatNamesThoseThatAreThere() {
    StorageException e = assertRefused(Code.NOT_FOUND, () -> StoreFormat.named("lmbd"));
    assertEquals("no engine \"lmbd\"; on the class path: heap, lmdb", e.getMessage());
  }

  /** Every failure on the way leaves the disk as it was, the directories made included. */
  @ParameterizedTest
  @ValueSource(strings = {"etcd", "heap"})
  void aFailureLeavesNothing(String format) {
    long operations = operationsOf(format);
    int undone = 0;
    for (long number = 1; number <= operations; number++) {
      SimulatedDisk disk = diskWithSource();
      long failing = disk.operations() + number;
      disk.inject(each -> each.number() == failing, SimulatedDisk.Fault.FULL);
      try {
        restore(disk, format);
        assertFalse(disk.exists(Path.of("/a/b/data/member/snap/missing")));
      } catch (StorageException e) {
        assertTrue(Set.of(Code.FULL, Code.IO).contains(e.code()), e.getMessage());
        if (!disk.exists(Path.of("/a/b/data/member"))) {
          assertEquals(List.of(Path.of("/source")), disk.list(Path.of("/")));
          undone++;
        }
      }
      assertEquals(List.of(), disk.openFiles());
    }
    assertTrue(undone > 10);
    TestRun.report("failing operations of a restore to " + format, operations);
  }

  private static SimulatedDisk diskWithSource() {
    SimulatedDisk disk = new SimulatedDisk(1);
    try (DiskFile file = disk.open(Path.of("/source"), Disk.Mode.CREATE_NEW)) {
      file.write(0, ByteBuffer.wrap(Fixture.TINY.bytes()));
    }
    return disk;
  }

  private static long operationsOf(String format) {
    SimulatedDisk disk = diskWithSource();
    long before = disk.operations();
    restore(disk, format);
    return disk.operations() - before;
  }

  private static void restore(SimulatedDisk disk, String format) {
    StoreFormat target =
        format.equals("etcd") ? StoreFormat.etcd() : StoreFormat.engine(new HeapEngine(disk));
    SnapshotFile file = SnapshotFile.inspect(disk, Path.of("/source"));
    Restore.restore(RestoreRequest.of(file, Path.of("/a/b/data"), target));
  }
}
