package dev.cairn.io;

import static dev.cairn.io.Failures.assertCode;
import static dev.cairn.io.Failures.assertNames;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All or nothing, on the real disk. */
class AtomicFileTest {
  private final Disk disk = LocalDisk.INSTANCE;

  @TempDir private Path directory;
  private Path target;
  private Path part;

  @BeforeEach
  void name() {
    target = directory.resolve("target");
    part = directory.resolve("target.part");
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static void write(AtomicFile file, String text) throws Exception {
    assertEquals(text.length(), file.write(bytes(text)));
  }

  @Test
  void appearsWholeAtTheCommit() throws Exception {
    try (AtomicFile file = AtomicFile.create(disk, target)) {
      write(file, "one, ");
      write(file, "two");
      assertFalse(Files.exists(target));
      assertEquals("one, two", Files.readString(part));
      assertEquals(8, file.sizeBytes());
      assertTrue(file.isOpen());
      file.commit();
      assertFalse(file.isOpen());
      assertEquals(8, file.sizeBytes());
    }
    assertEquals("one, two", Files.readString(target));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
    assertEquals(List.of(target), disk.list(directory));
    disk.lock(target, false).close();
  }

  @Test
  void replacesAtTheCommit() throws Exception {
    Files.writeString(target, "before, and longer than what follows");
    try (AtomicFile file = AtomicFile.create(disk, target)) {
      write(file, "after");
      assertEquals("before, and longer than what follows", Files.readString(target));
      file.commit();
    }
    assertEquals("after", Files.readString(target));
  }

  @Test
  void withoutACommitNothingHasHappened() throws Exception {
    Files.writeString(target, "before");
    AtomicFile file = AtomicFile.create(disk, target);
    write(file, "after");
    file.close();
    file.close();
    assertEquals("before", Files.readString(target));
    assertEquals(List.of(target), disk.list(directory));
    assertThrows(IllegalStateException.class, file::commit);
    assertThrows(ClosedChannelException.class, () -> file.write(bytes("x")));
    assertEquals("before", Files.readString(target));
  }

  @Test
  void aCommittedOneCannotBeUsedAgain() throws Exception {
    AtomicFile file = AtomicFile.create(disk, target);
    file.commit();
    assertThrows(IllegalStateException.class, file::commit);
    assertThrows(ClosedChannelException.class, () -> file.write(bytes("x")));
    file.close();
    assertEquals("", Files.readString(target));
  }

  @Test
  void takesARelativePath() throws Exception {
    Path relative = Path.of("").toAbsolutePath().relativize(target);
    try (AtomicFile file = AtomicFile.create(disk, relative)) {
      write(file, "x");
      file.commit();
    }
    assertEquals("x", Files.readString(target));
    Path bare = Path.of("atomic-file-test-never-committed");
    AtomicFile.create(disk, bare).close();
    assertFalse(Files.exists(bare.resolveSibling(bare + ".part")));
  }

  @Test
  void saysWhatIsWrongWithTheTarget() throws Exception {
    Path below = directory.resolve("none/target");
    assertNames(below, assertCode(Code.NOT_FOUND, () -> AtomicFile.create(disk, below)));
    assertNames(directory, assertCode(Code.IO, () -> AtomicFile.create(disk, directory)));
    assertNames(directory, assertCode(Code.EXISTS, () -> AtomicFile.createNew(disk, directory)));
    assertCode(Code.IO, () -> AtomicFile.create(disk, Path.of("/")));
    Path underFile = Files.writeString(target, "x").resolve("below");
    assertNames(underFile, assertCode(Code.NOT_FOUND, () -> AtomicFile.create(disk, underFile)));
    assertEquals(List.of(target), disk.list(directory));
  }

  @Test
  void aDirectoryInTheWayAtTheCommitStays() throws Exception {
    try (AtomicFile file = AtomicFile.create(disk, target)) {
      write(file, "x");
      Files.createDirectory(target);
      assertCode(Code.IO, file::commit);
    }
    assertTrue(Files.isDirectory(target));
    assertEquals(List.of(target), disk.list(directory));
  }

  @Test
  void deletesAStalePart() throws Exception {
    Files.writeString(part, "left by a crash, longer than the new one");
    try (AtomicFile file = AtomicFile.create(disk, target)) {
      write(file, "new");
      file.commit();
    }
    assertEquals("new", Files.readString(target));
    assertEquals(List.of(target), disk.list(directory));
  }

  /** What a crash between the two steps of a rename to a new name leaves. */
  @Test
  void aStalePartThatIsTheTargetTooLeavesTheTarget() throws Exception {
    Files.writeString(target, "finished");
    Files.createLink(part, target);
    AtomicFile file = AtomicFile.create(disk, target);
    write(file, "never committed");
    file.close();
    assertEquals("finished", Files.readString(target));
    assertEquals(List.of(target), disk.list(directory));
  }

  @Test
  void aNewFileReplacesNothing() throws Exception {
    try (AtomicFile file = AtomicFile.createNew(disk, target)) {
      write(file, "first");
      file.commit();
    }
    assertNames(target, assertCode(Code.EXISTS, () -> AtomicFile.createNew(disk, target)));
    assertEquals("first", Files.readString(target));
    assertEquals(List.of(target), disk.list(directory));
  }

  @Test
  void aNewFileIsRefusedWhenItsNameIsTakenMeanwhile() throws Exception {
    try (AtomicFile file = AtomicFile.createNew(disk, target)) {
      write(file, "late");
      Files.writeString(target, "early");
      assertNames(target, assertCode(Code.EXISTS, file::commit));
    }
    assertEquals("early", Files.readString(target));
    assertEquals(List.of(target), disk.list(directory));
  }

  @Test
  void ofTwoThatWriteTheSameTargetTheSecondIsRefused() throws Exception {
    try (OtherProcess other = OtherProcess.start();
        AtomicFile first = AtomicFile.create(disk, target)) {
      write(first, "first");
      assertNames(part, assertCode(Code.LOCKED, () -> AtomicFile.create(disk, target)));
      assertFalse(other.canLock(part, false));
      assertEquals("first", Files.readString(part));
      first.commit();
      other.hold(Files.writeString(part, "another process is at it"));
      assertNames(part, assertCode(Code.LOCKED, () -> AtomicFile.create(disk, target)));
      assertEquals("another process is at it", Files.readString(part));
      other.letGo();
      AtomicFile.create(disk, target).close();
    }
    assertEquals("first", Files.readString(target));
    assertEquals(List.of(target), disk.list(directory));
  }

  /** Whoever wins writes all of the file: it is never a mixture and never half of one. */
  @Test
  void manyThatWriteTheSameTargetNeverMix() throws Exception {
    int writers = 4;
    int rounds = 60;
    AtomicInteger commits = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      CyclicBarrier start = new CyclicBarrier(writers);
      Future<?>[] all = new Future<?>[writers];
      for (int i = 0; i < writers; i++) {
        String word = "writer" + i + " ";
        all[i] =
            threads.submit(
                () -> {
                  for (int round = 0; round < rounds; round++) {
                    start.await();
                    commits.addAndGet(writeWords(word) ? 1 : 0);
                  }
                  return null;
                });
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertTrue(commits.get() > 0);
    String text = Files.readString(target);
    assertEquals(text.substring(0, 8).repeat(50), text);
    assertEquals(List.of(target), disk.list(directory));
  }

  private boolean writeWords(String word) throws Exception {
    try (AtomicFile file = AtomicFile.create(disk, target)) {
      for (int i = 0; i < 50; i++) {
        write(file, word);
        if (ThreadLocalRandom.current().nextInt(20) == 0) {
          Thread.yield();
        }
      }
      file.commit();
      return true;
    } catch (StorageException e) {
      assertEquals(Code.LOCKED, e.code());
      return false;
    }
  }
}
