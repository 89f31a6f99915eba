package dev.cairn.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk.Mode;
import dev.cairn.io.DiskFile;
import dev.cairn.io.DiskLock;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.DiskOperation.Kind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The simulated disk as a disk: names, bytes, locks, faults, the cut. */
class SimulatedDiskTest {
  private static final Path DIRECTORY = Path.of("/d");
  private static final Path FILE = DIRECTORY.resolve("f");

  private final SimulatedDisk disk = new SimulatedDisk(1);

  SimulatedDiskTest() {
    disk.makeDirectories(DIRECTORY);
  }

  private void write(Path file, String text) {
    try (DiskFile to = disk.open(file, Mode.CREATE)) {
      to.setLength(0);
      to.write(0, ByteBuffer.wrap(text.getBytes(UTF_8)));
    }
  }

  private String text(Path file) {
    return new String(disk.bytes(file), UTF_8);
  }

  private static void assertCode(Code code, Executable call) {
    assertEquals(code, assertThrows(StorageException.class, call).code());
  }

  @Test
  void readsBackWhatIsWrittenAcrossPages() {
    byte[] bytes = new byte[3 * 4096];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 >> 3);
    }
    try (DiskFile file = disk.open(FILE, Mode.CREATE_NEW)) {
      file.write(1000, ByteBuffer.wrap(bytes));
      ByteBuffer back = ByteBuffer.allocateDirect(bytes.length);
      file.readFully(1000, back);
      byte[] read = new byte[bytes.length];
      back.flip().get(read);
      assertArrayEquals(bytes, read);
      assertEquals(1000 + bytes.length, file.sizeBytes());
      assertEquals(0, file.read(1000 + bytes.length, ByteBuffer.allocate(1)));
      assertEquals(0, file.read(1L << 40, ByteBuffer.allocate(1)));
    }
  }

  @Test
  void extendsWithZerosAfterACut() {
    write(FILE, "abcdefgh");
    try (DiskFile file = disk.open(FILE, Mode.READ_WRITE)) {
      file.setLength(3);
      file.setLength(6);
      assertEquals("abc\0\0\0", text(FILE));
      file.write(8, ByteBuffer.wrap(new byte[] {'x'}));
      assertEquals("abc\0\0\0\0\0x", text(FILE));
    }
  }

  @Test
  void refusesWhatIsNotThereOrInTheWay() {
    assertCode(Code.NOT_FOUND, () -> disk.open(FILE, Mode.READ));
    assertCode(Code.NOT_FOUND, () -> disk.open(FILE, Mode.READ_WRITE));
    assertCode(Code.NOT_FOUND, () -> disk.open(FILE.resolve("below"), Mode.CREATE));
    assertCode(Code.NOT_FOUND, () -> disk.sizeBytes(FILE));
    assertCode(Code.NOT_FOUND, () -> disk.rename(FILE, DIRECTORY.resolve("g")));
    assertCode(Code.NOT_FOUND, () -> disk.list(Path.of("/none")));
    write(FILE, "x");
    assertCode(Code.EXISTS, () -> disk.open(FILE, Mode.CREATE_NEW));
    assertCode(Code.EXISTS, () -> disk.createDirectory(FILE));
    assertCode(Code.EXISTS, () -> disk.delete(DIRECTORY));
    assertCode(Code.IO, () -> disk.open(DIRECTORY, Mode.READ));
    assertCode(Code.IO, () -> disk.rename(FILE, DIRECTORY));
    assertEquals("x", text(FILE));
    disk.delete(DIRECTORY.resolve("absent"));
  }

  @Test
  void aRenamedOrDeletedFileStaysOpen() {
    write(FILE, "one");
    Path moved = DIRECTORY.resolve("moved");
    write(moved, "two");
    try (DiskFile replaced = disk.open(moved, Mode.READ);
        DiskFile file = disk.open(FILE, Mode.READ_WRITE)) {
      disk.rename(FILE, moved);
      file.write(0, ByteBuffer.wrap("ONE".getBytes(UTF_8)));
      assertEquals("ONE", text(moved));
      assertEquals(3, replaced.sizeBytes());
      assertEquals(List.of(moved), disk.list(DIRECTORY));
      disk.delete(moved);
      assertEquals(3, file.sizeBytes());
      assertEquals(2, disk.openFiles().size());
    }
    assertEquals(List.of(), disk.openFiles());
  }

  @Test
  void locksFollowTheFile() {
    write(FILE, "x");
    Path moved = DIRECTORY.resolve("moved");
    DiskLock lock = disk.lock(FILE, false);
    disk.rename(FILE, moved);
    assertCode(Code.LOCKED, () -> disk.lock(moved, true));
    write(FILE, "another");
    disk.lock(FILE, true).close();
    lock.close();
    lock.close();
    DiskLock first = disk.lock(moved, true);
    DiskLock second = disk.lock(moved, true);
    first.close();
    first.close();
    assertCode(Code.LOCKED, () -> disk.lock(moved, false));
    second.close();
    disk.lock(moved, false).close();
  }

  @Test
  void refusesUseAfterCloseAndWritesToAReader() {
    write(FILE, "x");
    DiskFile reader = disk.open(FILE, Mode.READ);
    assertCode(Code.READ_ONLY, () -> reader.write(0, ByteBuffer.allocate(1)));
    assertCode(Code.READ_ONLY, () -> reader.setLength(0));
    assertCode(Code.READ_ONLY, reader::sync);
    reader.close();
    reader.close();
    assertCode(Code.CLOSED, reader::sizeBytes);
    assertEquals("x", text(FILE));
  }

  @Test
  void cutsAfterAnOperation() {
    List<String> done = new ArrayList<>();
    disk.listen(operation -> done.add(operation.kind().name()));
    DiskFile file = disk.open(FILE, Mode.CREATE_NEW);
    disk.cutAfter(disk.operations() + 1);
    file.write(0, ByteBuffer.allocate(10));
    assertFalse(disk.isCut());
    assertThrows(PowerCut.class, file::sync);
    assertTrue(disk.isCut());
    assertThrows(PowerCut.class, file::sizeBytes);
    assertThrows(PowerCut.class, () -> disk.exists(FILE));
    file.close();
    assertEquals(List.of("CREATE", "WRITE"), done);
  }

  @Test
  void failsOnDemand() {
    disk.failNth(Kind.WRITE, 2, SimulatedDisk.Fault.FULL);
    disk.failNth(Kind.SET_LENGTH, 1, SimulatedDisk.Fault.IO);
    disk.failSyncs(FILE::equals);
    DiskFile file = disk.open(FILE, Mode.CREATE_NEW);
    file.write(0, ByteBuffer.wrap("abc".getBytes(UTF_8)));
    assertCode(Code.FULL, () -> file.write(3, ByteBuffer.wrap("defgh".getBytes(UTF_8))));
    assertTrue("abcdefgh".startsWith(text(FILE)) && text(FILE).length() < 8);
    assertCode(Code.IO, () -> file.setLength(0));
    assertCode(Code.IO, file::sync);
    disk.clearFaults();
    file.sync();
    file.close();
  }

  @Test
  void isFullAtItsCapacity() {
    disk.capacityBytes(3 * 4096);
    DiskFile file = disk.open(FILE, Mode.CREATE_NEW);
    file.write(0, ByteBuffer.allocate(2 * 4096));
    assertEquals(4096, disk.freeBytes(DIRECTORY));
    assertCode(Code.FULL, () -> file.write(2 * 4096, ByteBuffer.allocate(2 * 4096)));
    file.write(4096, ByteBuffer.allocate(4096));
    file.setLength(0);
    assertEquals(3 * 4096, disk.freeBytes(DIRECTORY));
    file.close();
  }

  @Test
  void tellsWhoAsked() {
    List<String> sites = new ArrayList<>();
    disk.listen(operation -> sites.add(DiskOperation.site(1)));
    write(FILE, "x");
    assertEquals(3, sites.size());
    assertTrue(sites.stream().allMatch(site -> site.startsWith("SimulatedDiskTest.write:")));
  }
}
