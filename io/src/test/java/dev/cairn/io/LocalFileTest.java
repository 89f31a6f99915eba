package dev.cairn.io;

import static dev.cairn.io.Failures.assertCode;
import static dev.cairn.io.Failures.assertNames;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.io.Disk.Mode;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads, writes, lengths and syncs of a real file. */
class LocalFileTest {
  private final Disk disk = LocalDisk.INSTANCE;

  @TempDir private Path directory;
  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("file");
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static byte[] rest(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Test
  void writesAnyBufferAndLeavesItEmpty() throws Exception {
    byte[] bytes = random(700_001);
    ByteBuffer[] sources = {
      ByteBuffer.wrap(bytes), direct(bytes), ByteBuffer.wrap(bytes).asReadOnlyBuffer()
    };
    for (ByteBuffer source : sources) {
      try (DiskFile file = disk.open(path, Mode.CREATE)) {
        file.setLength(0);
        source.position(3).limit(bytes.length - 5);
        file.write(10, source);
        assertFalse(source.hasRemaining());
        assertEquals(bytes.length - 5, source.limit());
      }
      byte[] expected = new byte[10 + bytes.length - 8];
      System.arraycopy(bytes, 3, expected, 10, bytes.length - 8);
      assertArrayEquals(expected, Files.readAllBytes(path));
    }
  }

  @Test
  void readsIntoAnyBuffer() throws Exception {
    byte[] bytes = random(600_000);
    Files.write(path, bytes);
    try (DiskFile file = disk.open(path, Mode.READ)) {
      ByteBuffer heap = ByteBuffer.allocate(bytes.length + 10).position(7).slice();
      heap.position(2).limit(500_002);
      assertEquals(500_000, file.read(1_000, heap));
      assertArrayEquals(Arrays.copyOfRange(bytes, 1_000, 501_000), rest(heap.flip().position(2)));
      ByteBuffer direct = ByteBuffer.allocateDirect(599_000);
      file.readFully(1_000, direct);
      assertArrayEquals(Arrays.copyOfRange(bytes, 1_000, 600_000), rest(direct.flip()));
      ByteBuffer readOnly = ByteBuffer.allocate(5).asReadOnlyBuffer();
      assertThrows(ReadOnlyBufferException.class, () -> file.read(0, readOnly));
    }
  }

  @Test
  void readsAsFarAsTheFileReaches() throws Exception {
    Files.write(path, random(10));
    try (DiskFile file = disk.open(path, Mode.READ)) {
      ByteBuffer into = ByteBuffer.allocate(20);
      assertEquals(4, file.read(6, into));
      assertEquals(4, into.position());
      assertEquals(0, file.read(10, into));
      assertEquals(0, file.read(1L << 50, into));
      assertNames(
          path, assertCode(Code.CORRUPT, () -> file.readFully(6, ByteBuffer.allocateDirect(5))));
    }
  }

  @Test
  void growsAndCutsWithZeros() throws Exception {
    try (DiskFile file = disk.open(path, Mode.CREATE_NEW)) {
      file.write(0, ByteBuffer.wrap(random(8)));
      file.setLength(2);
      file.setLength(5);
      file.write(6, ByteBuffer.wrap(new byte[] {1}));
      file.sync();
      assertEquals(7, file.sizeBytes());
      byte[] start = Arrays.copyOf(random(8), 2);
      assertArrayEquals(new byte[] {start[0], start[1], 0, 0, 0, 0, 1}, Files.readAllBytes(path));
    }
  }

  @Test
  void refusesToChangeWhatIsOpenedToRead() throws Exception {
    Files.write(path, random(8));
    try (DiskFile file = disk.open(path, Mode.READ)) {
      assertNames(path, assertCode(Code.READ_ONLY, () -> file.write(0, ByteBuffer.allocate(1))));
      assertNames(path, assertCode(Code.READ_ONLY, () -> file.setLength(0)));
      assertNames(path, assertCode(Code.READ_ONLY, file::sync));
    }
    assertArrayEquals(random(8), Files.readAllBytes(path));
  }

  @Test
  void refusesEverythingOnceClosed() {
    DiskFile file = disk.open(path, Mode.CREATE_NEW);
    file.close();
    file.close();
    assertNames(path, assertCode(Code.CLOSED, () -> file.read(0, ByteBuffer.allocate(1))));
    assertCode(Code.CLOSED, () -> file.write(0, ByteBuffer.allocate(1)));
    assertCode(Code.CLOSED, () -> file.setLength(0));
    assertCode(Code.CLOSED, file::sync);
    assertCode(Code.CLOSED, file::sizeBytes);
    assertEquals(path, file.path());
  }

  /** The descriptor of a locked file stays open and may serve another one: not this one, though. */
  @Test
  void refusesEverythingOnceClosedUnderALock() {
    DiskFile file = disk.open(path, Mode.CREATE_NEW);
    try (DiskLock lock = disk.lock(path, false)) {
      file.close();
      assertEquals(path, lock.path());
      assertCode(Code.CLOSED, () -> file.write(0, ByteBuffer.allocate(1)));
      assertCode(Code.CLOSED, file::sync);
      assertCode(Code.CLOSED, file::sizeBytes);
    }
  }
}
