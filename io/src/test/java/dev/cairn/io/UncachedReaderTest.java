package dev.cairn.io;

import static dev.cairn.io.Failures.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk.Mode;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read past the cache is what the file holds, wherever and in whatever order. */
class UncachedReaderTest {
  private static final int MEBIBYTE = 1 << 20;

  private final Disk disk = LocalDisk.INSTANCE;
  private final Random random = new Random(1);

  @TempDir private Path directory;

  /** Written past the cache too. */
  private byte[] made(Path path, int sizeBytes) throws Exception {
    byte[] content = new byte[sizeBytes];
    random.nextBytes(content);
    try (UncachedFile file = UncachedFile.createNew(disk, path)) {
      assertEquals(sizeBytes, file.write(ByteBuffer.wrap(content)));
      file.finish();
    }
    return content;
  }

  private static byte[] read(DiskFile file, long offsetBytes, int countMax) {
    ByteBuffer into = ByteBuffer.allocate(countMax);
    int count = file.read(offsetBytes, into);
    assertEquals(count, into.position());
    return Arrays.copyOf(into.array(), count);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4_095, 256 << 10, (256 << 10) + 1, 3 * MEBIBYTE + 517})
  void readsWhatIsThere(int sizeBytes) throws Exception {
    Path path = directory.resolve("file");
    byte[] content = made(path, sizeBytes);
    assertArrayEquals(content, Files.readAllBytes(path));
    try (DiskFile file = disk.openUncached(path)) {
      assertEquals(sizeBytes, file.sizeBytes());
      assertArrayEquals(content, read(file, 0, sizeBytes + 100));
      assertArrayEquals(new byte[0], read(file, sizeBytes, 10));
      assertArrayEquals(new byte[0], read(file, sizeBytes + 5L * MEBIBYTE, 10));
      for (int i = 0; i < 300; i++) {
        int offset = random.nextInt(sizeBytes + 10);
        int count = random.nextInt(random.nextBoolean() ? 100 : 2 * MEBIBYTE);
        int end = Math.min(sizeBytes, offset + count);
        byte[] expected =
            offset >= sizeBytes ? new byte[0] : Arrays.copyOfRange(content, offset, end);
        assertArrayEquals(expected, read(file, offset, count), offset + " " + count);
      }
      for (int at = 0; at < sizeBytes; at += 4_096) {
        int end = Math.min(sizeBytes, at + 4_096);
        assertArrayEquals(Arrays.copyOfRange(content, at, end), read(file, at, end - at));
      }
    }
  }

  @Test
  void isNotForWriting() throws Exception {
    Path path = directory.resolve("file");
    made(path, MEBIBYTE);
    DiskFile file = disk.openUncached(path);
    assertCode(Code.READ_ONLY, () -> file.write(0, ByteBuffer.allocate(1)));
    assertCode(Code.READ_ONLY, () -> file.setLength(0));
    assertCode(Code.READ_ONLY, file::sync);
    file.close();
    file.close();
    assertCode(Code.CLOSED, () -> read(file, 0, 1));
    assertCode(Code.NOT_FOUND, () -> disk.openUncached(directory.resolve("none")));
  }

  @Test
  void anInterruptedThreadReadsOn() throws Exception {
    Path path = directory.resolve("file");
    byte[] content = made(path, 3 * MEBIBYTE);
    Thread.currentThread().interrupt();
    try (DiskFile file = disk.openUncached(path)) {
      assertArrayEquals(content, read(file, 0, content.length));
    }
    assertTrue(Thread.interrupted());
  }

  @Test
  void takesNoLockAlongWhenItCloses() throws Exception {
    Path path = directory.resolve("file");
    made(path, MEBIBYTE);
    try (OtherProcess other = OtherProcess.start();
        DiskLock lock = disk.lock(path, false)) {
      DiskFile file = disk.openUncached(path);
      read(file, 0, 100);
      file.close();
      assertEquals(path, lock.path());
      assertFalse(other.canLock(path, false));
    }
  }

  @Test
  void aFileThatIsNotFinishedIsLeftAsItIs() throws Exception {
    Path path = directory.resolve("file");
    UncachedFile file = UncachedFile.createNew(disk, path);
    file.write(ByteBuffer.allocate(3 * MEBIBYTE));
    file.close();
    file.close();
    assertThrows(ClosedChannelException.class, () -> file.write(ByteBuffer.allocate(1)));
    assertTrue(Files.size(path) <= 3 * MEBIBYTE);
    assertCode(Code.EXISTS, () -> UncachedFile.createNew(disk, path));
    disk.open(path, Mode.READ).close();
  }
}
