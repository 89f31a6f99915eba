package dev.cairn.io;

import static dev.cairn.io.Failures.assertCode;
import static dev.cairn.io.Failures.assertNames;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.io.Disk.Mode;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names, modes and directories of the real disk. */
class LocalDiskTest {
  private final Disk disk = LocalDisk.INSTANCE;

  @TempDir private Path directory;

  private Path made(String name) throws IOException {
    return Files.writeString(directory.resolve(name), name);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void makesFilesAndDirectoriesForTheOwnerOnly() throws Exception {
    Path created = directory.resolve("created");
    Path fresh = directory.resolve("fresh");
    Path below = directory.resolve("below");
    disk.open(created, Mode.CREATE).close();
    disk.open(fresh, Mode.CREATE_NEW).close();
    disk.createDirectory(below);
    Path shared = directory.resolve("shared");
    disk.open(shared, Mode.CREATE_NEW_READABLE).close();
    assertEquals("rw-------", mode(created));
    assertEquals("rw-------", mode(fresh));
    assertEquals(mode(made("as the umask allows")), mode(shared));
    assertCode(Code.EXISTS, () -> disk.open(shared, Mode.CREATE_NEW_READABLE));
    assertEquals("rwx------", mode(below));
  }

  @Test
  void leavesTheModeAndTheBytesOfAnExistingFile() throws Exception {
    Path file = made("file");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    disk.open(file, Mode.CREATE).close();
    disk.open(file, Mode.READ_WRITE).close();
    assertCode(Code.EXISTS, () -> disk.open(file, Mode.CREATE_NEW));
    assertEquals("rw-r--r--", mode(file));
    assertEquals("file", Files.readString(file));
  }

  @Test
  void saysWhatIsNotThere() {
    Path none = directory.resolve("none");
    for (Mode mode : List.of(Mode.READ, Mode.READ_WRITE)) {
      assertNames(none, assertCode(Code.NOT_FOUND, () -> disk.open(none, mode)));
    }
    Path below = none.resolve("below");
    assertNames(below, assertCode(Code.NOT_FOUND, () -> disk.open(below, Mode.CREATE)));
    assertNames(below, assertCode(Code.NOT_FOUND, () -> disk.open(below, Mode.CREATE_NEW)));
    assertNames(below, assertCode(Code.NOT_FOUND, () -> disk.createDirectory(below)));
    assertNames(none, assertCode(Code.NOT_FOUND, () -> disk.sizeBytes(none)));
    assertNames(none, assertCode(Code.NOT_FOUND, () -> disk.list(none)));
    assertNames(none, assertCode(Code.NOT_FOUND, () -> disk.lock(none, false)));
    assertNames(none, assertCode(Code.NOT_FOUND, () -> disk.syncDirectory(none)));
    assertNames(none, assertCode(Code.NOT_FOUND, () -> disk.freeBytes(none)));
    assertNames(none, assertCode(Code.NOT_FOUND, () -> disk.rename(none, directory)));
    disk.delete(none);
    assertFalse(Files.exists(none));
  }

  @Test
  void opensRegularFilesOnly() throws Exception {
    assertNames(directory, assertCode(Code.IO, () -> disk.open(directory, Mode.READ)));
    assertNames(directory, assertCode(Code.IO, () -> disk.open(directory, Mode.CREATE)));
    Path pipe = directory.resolve("pipe");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    // Were it opened, this would block for ever.
    assertNames(pipe, assertCode(Code.IO, () -> disk.open(pipe, Mode.READ)));
  }

  @Test
  void renamesOverAFileAndNamesTheMissingEnd() throws Exception {
    Path from = made("from");
    Path to = made("to");
    disk.rename(from, to);
    assertEquals("from", Files.readString(to));
    assertEquals(List.of(to), disk.list(directory));
    Path far = directory.resolve("none/to");
    assertNames(far, assertCode(Code.NOT_FOUND, () -> disk.rename(to, far)));
    assertCode(Code.IO, () -> disk.rename(to, directory));
    assertEquals("from", Files.readString(to));
  }

  @Test
  void renamesToANewNameOnly() throws Exception {
    Path from = made("from");
    Path taken = made("taken");
    assertNames(taken, assertCode(Code.EXISTS, () -> disk.renameNew(from, taken)));
    assertEquals("taken", Files.readString(taken));
    Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), Path.of("nowhere"));
    assertCode(Code.EXISTS, () -> disk.renameNew(from, dangling));
    assertCode(Code.EXISTS, () -> disk.renameNew(from, directory));
    Path fresh = directory.resolve("fresh");
    disk.renameNew(from, fresh);
    assertEquals("from", Files.readString(fresh));
    assertEquals(List.of(dangling, fresh, taken), disk.list(directory));
    assertCode(Code.NOT_FOUND, () -> disk.renameNew(from, directory.resolve("other")));
    assertCode(Code.NOT_FOUND, () -> disk.renameNew(fresh, directory.resolve("none/other")));
  }

  @Test
  void ofManyThatRenameToANewNameOneWins() throws Exception {
    int contenders = 4;
    ExecutorService threads = Executors.newFixedThreadPool(contenders);
    try {
      for (int round = 0; round < 50; round++) {
        Path target = directory.resolve("target" + round);
        Set<String> winners = new ConcurrentSkipListSet<>();
        CyclicBarrier start = new CyclicBarrier(contenders);
        Future<?>[] all = new Future<?>[contenders];
        for (int i = 0; i < contenders; i++) {
          Path from = made("from" + i);
          all[i] =
              threads.submit(
                  () -> {
                    start.await();
                    if (renamedNew(from, target)) {
                      winners.add(from.getFileName().toString());
                    }
                    return null;
                  });
        }
        for (Future<?> each : all) {
          each.get();
        }
        assertEquals(Set.of(Files.readString(target)), winners);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private boolean renamedNew(Path from, Path target) {
    try {
      disk.renameNew(from, target);
      return true;
    } catch (StorageException e) {
      assertEquals(Code.EXISTS, e.code());
      return false;
    }
  }

  @Test
  void deletesFilesAndEmptyDirectoriesOnly() throws Exception {
    Path below = directory.resolve("below");
    disk.createDirectory(below);
    assertCode(Code.EXISTS, () -> disk.createDirectory(below));
    Path file = Files.writeString(below.resolve("file"), "x");
    assertNames(below, assertCode(Code.EXISTS, () -> disk.delete(below)));
    disk.delete(file);
    disk.delete(below);
    assertFalse(disk.exists(below));
    assertFalse(disk.isDirectory(below));
    assertTrue(disk.isDirectory(directory));
  }

  @Test
  void syncsADirectoryAndFilesInIt() throws Exception {
    Path file = made("file");
    try (DiskFile open = disk.open(file, Mode.READ_WRITE)) {
      open.write(0, ByteBuffer.wrap(new byte[] {1}));
      open.sync();
    }
    disk.rename(file, directory.resolve("renamed"));
    disk.syncDirectory(directory);
    disk.syncDirectory(Path.of(""));
    assertTrue(disk.freeBytes(directory) > 0);
    assertEquals(4, disk.sizeBytes(directory.resolve("renamed")));
  }

  /** The system says so in strace: a directory's fsync reaches the kernel, and a file's is lazy. */
  @Test
  void theSystemSeesTheSyncs() throws Exception {
    assumeTrue(onThePath("strace"), "no strace: the system calls are not looked at");
    Path trace = directory.resolve("trace");
    Path classes =
        Path.of(LocalDisk.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path spi =
        Path.of(StorageException.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path tests =
        Path.of(SyncOnce.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Process traced =
        new ProcessBuilder(
                "strace",
                "-f",
                "-y",
                "-e",
                "trace=fsync,fdatasync",
                "-o",
                trace.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classes + ":" + spi + ":" + tests,
                SyncOnce.class.getName(),
                directory.toString())
            .inheritIO()
            .start();
    assumeTrue(traced.waitFor() == 0 && Files.size(trace) > 0, "strace may not trace here");
    String calls = Files.readString(trace);
    assertTrue(calls.contains("fdatasync("), calls);
    assertTrue(
        calls.lines().anyMatch(line -> line.contains("fsync(") && line.contains(directory + ">")),
        calls);
  }

  private static boolean onThePath(String program) {
    return List.of(System.getenv("PATH").split(":")).stream()
        .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
  }

  /** What is traced. */
  static final class SyncOnce {
    private SyncOnce() {}

    public static void main(String[] args) {
      Path directory = Path.of(args[0]);
      try (DiskFile file = LocalDisk.INSTANCE.open(directory.resolve("synced"), Mode.CREATE_NEW)) {
        file.write(0, ByteBuffer.wrap(new byte[] {1}));
        file.sync();
      }
      LocalDisk.INSTANCE.syncDirectory(directory);
    }
  }
}
