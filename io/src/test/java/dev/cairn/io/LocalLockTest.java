package dev.cairn.io;

import static dev.cairn.io.Failures.assertCode;
import static dev.cairn.io.Failures.assertNames;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.io.Disk.Mode;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks, as this process and another one see them. */
class LocalLockTest {
  private static OtherProcess other;

  private final Disk disk = LocalDisk.INSTANCE;

  @TempDir private Path directory;
  private Path path;

  @BeforeAll
  static void start() throws Exception {
    other = OtherProcess.start();
  }

  @AfterAll
  static void stop() throws Exception {
    other.close();
  }

  @BeforeEach
  void makeFile() throws Exception {
    path = Files.writeString(directory.resolve("file"), "content");
  }

  /** Of files in this test's directory; the pipes of other processes come and go as they like. */
  private long openDescriptors() throws IOException {
    Path here = directory.toRealPath();
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(each -> target(each).startsWith(here)).count();
    }
  }

  private static Path target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor);
    } catch (IOException closedMeanwhile) {
      return descriptor;
    }
  }

  private int read(Path file) {
    try (DiskFile reader = disk.open(file, Mode.READ)) {
      ByteBuffer into = ByteBuffer.allocate(1);
      reader.readFully(0, into);
      return into.get(0);
    }
  }

  private void touch(Path file) {
    try (DiskFile writer = disk.open(file, Mode.READ_WRITE)) {
      writer.write(0, ByteBuffer.wrap(new byte[] {'C'}));
      writer.sync();
    }
  }

  @Test
  void anExclusiveLockKeepsEverybodyOut() {
    DiskLock lock = disk.lock(path, false);
    assertNames(path, assertCode(Code.LOCKED, () -> disk.lock(path, false)));
    assertCode(Code.LOCKED, () -> disk.lock(path, true));
    assertFalse(other.canLock(path, true));
    lock.close();
    lock.close();
    assertTrue(other.canLock(path, false));
    disk.lock(path, false).close();
  }

  @Test
  void aSharedLockLetsSharersIn() {
    DiskLock first = disk.lock(path, true);
    DiskLock second = disk.lock(path, true);
    assertCode(Code.LOCKED, () -> disk.lock(path, false));
    assertTrue(other.canLock(path, true));
    assertFalse(other.canLock(path, false));
    first.close();
    first.close();
    assertFalse(other.canLock(path, false));
    second.close();
    assertTrue(other.canLock(path, false));
  }

  @Test
  void respectsAnotherProcess() {
    other.hold(path);
    assertNames(path, assertCode(Code.LOCKED, () -> disk.lock(path, false)));
    assertCode(Code.LOCKED, () -> disk.lock(path, true));
    other.letGo();
    disk.lock(path, false).close();
  }

  @Test
  void survivesTheClosingOfOtherDescriptors() {
    DiskFile openedBefore = disk.open(path, Mode.READ_WRITE);
    DiskFile readerBefore = disk.open(path, Mode.READ);
    try (DiskLock lock = disk.lock(path, false)) {
      openedBefore.close();
      readerBefore.close();
      for (int i = 0; i < 3; i++) {
        read(path);
        touch(path);
      }
      assertFalse(other.canLock(path, true));
      assertEquals('C', read(lock.path()));
    }
    assertTrue(other.canLock(path, false));
  }

  @Test
  void survivesTheClosingThroughASymbolicAndAHardLink() throws Exception {
    Path symbolic = Files.createSymbolicLink(directory.resolve("symbolic"), path);
    Path hard = Files.createLink(directory.resolve("hard"), path);
    DiskLock lock = disk.lock(symbolic, false);
    for (Path each : List.of(path, symbolic, hard)) {
      assertNames(each, assertCode(Code.LOCKED, () -> disk.lock(each, false)));
      touch(each);
      read(each);
      assertFalse(other.canLock(path, true));
    }
    lock.close();
    assertTrue(other.canLock(path, false));
  }

  @Test
  void followsTheFileWhenItIsRenamed() throws Exception {
    Path moved = directory.resolve("moved");
    DiskLock lock = disk.lock(path, false);
    disk.rename(path, moved);
    read(moved);
    touch(moved);
    assertFalse(other.canLock(moved, true));
    assertCode(Code.LOCKED, () -> disk.lock(moved, false));

    Files.writeString(path, "a new file under the old name");
    assertEquals('a', read(path));
    disk.lock(path, false).close();
    assertTrue(other.canLock(path, false));
    lock.close();
    assertTrue(other.canLock(moved, false));
  }

  @Test
  void survivesTheDeletionOfTheName() throws Exception {
    DiskLock lock = disk.lock(path, false);
    disk.delete(path);
    Files.writeString(path, "another");
    assertEquals('a', read(path));
    disk.lock(path, false).close();
    lock.close();
  }

  @Test
  void leaksNoDescriptors() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "no /proc: descriptors not counted");
    try (DiskLock lock = disk.lock(path, false)) {
      read(path);
      touch(path);
      long before = openDescriptors();
      for (int i = 0; i < 1_000; i++) {
        read(lock.path());
        touch(path);
      }
      assertEquals(before, openDescriptors());
    }
    long before = openDescriptors();
    for (int i = 0; i < 1_000; i++) {
      disk.lock(path, i % 2 == 0).close();
      assertCode(Code.NOT_FOUND, () -> disk.open(directory.resolve("none"), Mode.READ));
      disk.syncDirectory(directory);
    }
    other.hold(path);
    for (int i = 0; i < 100; i++) {
      assertCode(Code.LOCKED, () -> disk.lock(path, false));
    }
    other.letGo();
    assertEquals(before, openDescriptors());
  }

  @Test
  void closesAllItKeptWhenTheLockGoes() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "no /proc: descriptors not counted");
    read(path);
    long before = openDescriptors();
    DiskLock lock = disk.lock(path, true);
    List<DiskFile> many = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      many.add(disk.open(path, i % 2 == 0 ? Mode.READ : Mode.READ_WRITE));
    }
    many.forEach(DiskFile::close);
    assertTrue(openDescriptors() > before);
    lock.close();
    assertEquals(before, openDescriptors());
  }

  /** Closing a channel on a file that a library has locked would let that library's lock go. */
  @Test
  void leavesTheLockOfALibraryInThisProcess() throws Exception {
    try (FileChannel library = FileChannel.open(path, StandardOpenOption.WRITE);
        FileLock held = library.lock()) {
      for (int i = 0; i < 3; i++) {
        assertCode(Code.LOCKED, () -> disk.lock(path, false));
        assertCode(Code.LOCKED, () -> disk.lock(path, true));
      }
      assertTrue(held.isValid());
      assertFalse(other.canLock(path, true));
    }
    disk.lock(path, true).close();
    disk.lock(path, false).close();
    assertTrue(other.canLock(path, false));
  }

  /** Names change hands all the time, and each lock is still one of the file under the name. */
  @Test
  void holdsWhileNamesAreSwapped() throws Exception {
    Path locked = Files.writeString(directory.resolve("locked"), "L");
    Path spare = Files.writeString(directory.resolve("spare"), "S");
    Path name = directory.resolve("name");
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (DiskLock lock = disk.lock(locked, false)) {
      Future<?> swapper =
          threads.submit(
              () -> {
                while (!done.get()) {
                  link(locked, name);
                  link(spare, name);
                }
                return null;
              });
      Future<?> opener = threads.submit(() -> openAndClose(name, 3_000));
      opener.get();
      done.set(true);
      swapper.get();
      assertFalse(other.canLock(lock.path(), true));
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
  }

  private void link(Path file, Path name) throws IOException {
    Path next = name.resolveSibling("next");
    Files.createLink(next, file);
    disk.rename(next, name);
    Files.deleteIfExists(next);
  }

  private void openAndClose(Path name, int times) {
    for (int i = 0; i < times; i++) {
      if (disk.exists(name)) {
        read(name);
        disk.open(name, Mode.READ_WRITE).close();
      }
    }
  }
}
