package dev.cairn.io;

import static dev.cairn.io.Failures.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes past the cache is the same file. */
class UncachedFileTest {
  private static final int BLOCK = DirectAppender.BLOCK_BYTES;

  private final Disk disk = LocalDisk.INSTANCE;
  private final Random random = new Random(1);

  @TempDir private Path directory;

  private byte[] content(int sizeBytes) {
    byte[] content = new byte[sizeBytes];
    random.nextBytes(content);
    return content;
  }

  /** In pieces of many sizes, on the heap and off it, the buffer soon used for something else. */
  private void write(AtomicFile file, byte[] content) throws Exception {
    int at = 0;
    while (at < content.length) {
      int bound = random.nextBoolean() ? 100 : 2 * BLOCK;
      int count = Math.min(content.length - at, random.nextInt(bound));
      ByteBuffer piece =
          random.nextBoolean() ? ByteBuffer.allocate(count) : ByteBuffer.allocateDirect(count);
      assertEquals(count, file.write(piece.put(content, at, count).flip()));
      assertFalse(piece.hasRemaining());
      piece.clear().put(new byte[count]);
      at += count;
    }
    assertEquals(content.length, file.sizeBytes());
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 4_096, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 5 * BLOCK + 32, 9 * BLOCK - 7})
  void isTheSameFile(int sizeBytes) throws Exception {
    Path target = directory.resolve("target");
    byte[] content = content(sizeBytes);
    try (AtomicFile file = AtomicFile.create(disk, target).uncached()) {
      write(file, content);
      file.commit();
    }
    assertArrayEquals(content, Files.readAllBytes(target));
    assertEquals(List.of(target), disk.list(directory));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, BLOCK, 3 * BLOCK + 100})
  void isReadAndCorrectedBeforeTheCommit(int sizeBytes) throws Exception {
    Path target = directory.resolve("target");
    byte[] content = content(sizeBytes);
    try (AtomicFile file = AtomicFile.create(disk, target).uncached()) {
      write(file, content);
      ByteBuffer read = ByteBuffer.allocate(sizeBytes);
      file.file().readFully(0, read);
      assertArrayEquals(content, read.array());
      file.file().write(50, ByteBuffer.wrap(new byte[7]));
      file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
      file.commit();
    }
    Arrays.fill(content, 50, 57, (byte) 0);
    byte[] expected = Arrays.copyOf(content, sizeBytes + 3);
    System.arraycopy(new byte[] {1, 2, 3}, 0, expected, sizeBytes, 3);
    assertArrayEquals(expected, Files.readAllBytes(target));
  }

  @Test
  void withoutACommitNothingIsLeft() throws Exception {
    Path target = directory.resolve("target");
    for (int sizeBytes : new int[] {0, 100, BLOCK, 3 * BLOCK + 5}) {
      try (AtomicFile file = AtomicFile.create(disk, target).uncached()) {
        write(file, content(sizeBytes));
      }
      assertEquals(List.of(), disk.list(directory));
    }
  }

  @Test
  void isForTheWholeFile() throws Exception {
    try (AtomicFile file = AtomicFile.create(disk, directory.resolve("target"))) {
      file.write(ByteBuffer.wrap(new byte[1]));
      assertThrows(IllegalStateException.class, file::uncached);
    }
  }

  @Test
  void itsPartStaysLockedToTheEnd() throws Exception {
    Path target = directory.resolve("target");
    try (OtherProcess other = OtherProcess.start();
        AtomicFile file = AtomicFile.create(disk, target).uncached()) {
      write(file, content(3 * BLOCK));
      Path part = directory.resolve("target.part");
      assertCode(Code.LOCKED, () -> AtomicFile.create(disk, target));
      assertFalse(other.canLock(part, false));
      // Its own descriptor is closed here, and must not take the lock along.
      file.file();
      assertFalse(other.canLock(part, false));
      assertCode(Code.LOCKED, () -> AtomicFile.create(disk, target));
      file.commit();
      assertTrue(other.canLock(target, false));
    }
  }

  @Test
  void anInterruptedThreadWritesOn() throws Exception {
    Path target = directory.resolve("target");
    byte[] content = content(4 * BLOCK + 9);
    Thread.currentThread().interrupt();
    try (AtomicFile file = AtomicFile.create(disk, target).uncached()) {
      write(file, content);
      file.commit();
    }
    assertTrue(Thread.interrupted());
    assertArrayEquals(content, Files.readAllBytes(target));
  }
}
