package dev.cairn.io;

import static dev.cairn.io.Failures.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk.Mode;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An interrupt harms no call, is still set afterwards, and costs no lock. */
class InterruptTest {
  private final Disk disk = LocalDisk.INSTANCE;

  @TempDir private Path directory;
  private Path path;

  @BeforeEach
  void makeFile() throws Exception {
    path = Files.write(directory.resolve("file"), new byte[4096]);
  }

  @AfterEach
  void clearFlag() {
    Thread.interrupted();
  }

  private Map<String, Runnable> everyCall(DiskFile file) {
    Path other = directory.resolve("other");
    Path moved = directory.resolve("moved");
    Map<String, Runnable> calls = new LinkedHashMap<>();
    calls.put("write", () -> file.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3})));
    calls.put("write direct", () -> file.write(3, ByteBuffer.allocateDirect(5)));
    calls.put("read", () -> file.readFully(0, ByteBuffer.allocate(100)));
    calls.put("read direct", () -> file.readFully(0, ByteBuffer.allocateDirect(100)));
    calls.put("setLength", () -> file.setLength(5000));
    calls.put("sizeBytes", file::sizeBytes);
    calls.put("sync", file::sync);
    calls.put("open", () -> disk.open(path, Mode.READ).close());
    calls.put("open to write", () -> disk.open(path, Mode.READ_WRITE).close());
    calls.put("create", () -> disk.open(other, Mode.CREATE_NEW).close());
    calls.put("lock", () -> disk.lock(other, false).close());
    calls.put("lock shared", () -> disk.lock(other, true).close());
    calls.put("rename", () -> disk.rename(other, moved));
    calls.put("renameNew", () -> disk.renameNew(moved, other));
    calls.put("exists", () -> disk.exists(other));
    calls.put("list", () -> disk.list(directory));
    calls.put("freeBytes", () -> disk.freeBytes(directory));
    calls.put("syncDirectory", () -> disk.syncDirectory(directory));
    calls.put("delete", () -> disk.delete(other));
    calls.put("createDirectory", () -> disk.createDirectory(moved));
    calls.put("delete directory", () -> disk.delete(moved));
    return calls;
  }

  @Test
  void everyCallWorksOnAnInterruptedThread() throws Exception {
    try (OtherProcess other = OtherProcess.start();
        DiskLock lock = disk.lock(path, false);
        DiskFile file = disk.open(path, Mode.READ_WRITE)) {
      everyCall(file)
          .forEach(
              (name, call) -> {
                Thread.currentThread().interrupt();
                call.run();
                assertTrue(Thread.interrupted(), name + " lost the flag");
                assertFalse(other.canLock(path, false), name + " lost the lock");
              });
      assertCode(Code.LOCKED, () -> disk.lock(lock.path(), false));
    }
  }

  @Test
  void everyCallWorksWhileInterruptsRain() throws Exception {
    byte[] bytes = new byte[64 * 1024];
    try (OtherProcess other = OtherProcess.start();
        DiskLock lock = disk.lock(path, false);
        DiskFile file = disk.open(path, Mode.READ_WRITE)) {
      long interrupts;
      try (Interrupter rain = new Interrupter(Thread.currentThread())) {
        for (int round = 0; round < 100; round++) {
          Arrays.fill(bytes, (byte) round);
          file.write(0, ByteBuffer.wrap(bytes));
          file.sync();
          ByteBuffer back = ByteBuffer.allocate(bytes.length);
          file.readFully(0, back);
          assertArrayEquals(bytes, back.array());
          everyCall(file).values().forEach(Runnable::run);
        }
        interrupts = rain.count();
      }
      assertTrue(interrupts > 0);
      assertFalse(other.canLock(lock.path(), true));
    }
  }

  @Test
  void anAtomicFileIsMadeByAnInterruptedThread() throws Exception {
    Path target = directory.resolve("target");
    Thread.currentThread().interrupt();
    try (AtomicFile file = AtomicFile.create(disk, target)) {
      file.write(ByteBuffer.wrap(new byte[] {7}));
      file.commit();
    }
    assertTrue(Thread.interrupted());
    assertArrayEquals(new byte[] {7}, Files.readAllBytes(target));
    assertEquals(List.of(path, target), disk.list(directory));
  }

  /** Why this module exists: the JDK's own channel does not pass, so this test can see a loss. */
  @Test
  void aFileChannelWouldLoseTheLock() throws Exception {
    try (OtherProcess other = OtherProcess.start();
        DiskLock lock = disk.lock(path, false)) {
      assertFalse(other.canLock(lock.path(), false));
      FileChannel.open(path, StandardOpenOption.READ).close();
      assertTrue(other.canLock(path, false));
    }
  }
}
