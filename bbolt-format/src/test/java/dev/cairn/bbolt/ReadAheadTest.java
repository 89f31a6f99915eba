package dev.cairn.bbolt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
  private static final int FILE_BYTES = 3_000_000;

  private final SplittableRandom random = new SplittableRandom(TestRun.seed(ReadAheadTest.class));

  private byte[] bytes() {
    byte[] bytes = new byte[FILE_BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] read(ReadAhead ahead, long offset, int length) {
    ByteBuffer into = ByteBuffer.allocate(length);
    ahead.read(offset, into);
    assertEquals(0, into.remaining());
    return into.array();
  }

  @Test
  void everyReadGivesTheFilesBytes() {
    byte[] bytes = bytes();
    ReadAhead ahead = new ReadAhead(new BytesDisk(bytes).openFile(), FILE_BYTES);
    int at = 0;
    for (int i = 0; i < 20_000; i++) {
      int length = random.nextInt(random.nextInt(20) == 0 ? 200_000 : 5_000);
      boolean jump = random.nextInt(10) == 0 || at + length + 6_000 > FILE_BYTES;
      int from = jump ? random.nextInt(FILE_BYTES - length) : at + random.nextInt(6_000);
      assertArrayEquals(Arrays.copyOfRange(bytes, from, from + length), read(ahead, from, length));
      at = from + length;
    }
  }

  @Test
  void aScanTakesFewReadsAndReadsNothingTwice() {
    BytesDisk disk = new BytesDisk(bytes());
    ReadAhead ahead = new ReadAhead(disk.openFile(), FILE_BYTES);
    for (int at = 0; at + 4096 <= FILE_BYTES; at += 4096) {
      read(ahead, at, 4096);
    }
    assertTrue(disk.reads() <= FILE_BYTES / ReadAhead.PIECE_BYTES + 1, "reads: " + disk.reads());
    assertTrue(disk.readBytes() <= FILE_BYTES, "bytes: " + disk.readBytes());
  }

  @Test
  void jumpsReadNothingBeside() {
    BytesDisk disk = new BytesDisk(bytes());
    ReadAhead ahead = new ReadAhead(disk.openFile(), FILE_BYTES);
    for (int at = FILE_BYTES - 4096; at > 300_000; at -= 300_000) {
      read(ahead, at, 4096);
    }
    assertEquals(disk.reads() * 4096, disk.readBytes());
  }

  @Test
  void aFileThatEndsEarlyIsCorrupt() {
    BytesDisk disk = new BytesDisk(new byte[10_000]);
    ReadAhead ahead = new ReadAhead(disk.openFile(), FILE_BYTES);
    read(ahead, 0, 9_000);
    StorageException e = assertThrows(StorageException.class, () -> read(ahead, 9_000, 1_001));
    assertEquals(Code.CORRUPT, e.code());
  }
}
