package dev.cairn.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.AtomicFile;
import dev.cairn.io.Disk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The target is wholly the old one or wholly a new one, and after a commit the new one. */
class AtomicFilePowerCutsTest {
  private static final Path DIRECTORY = Path.of("/d");
  private static final Path TARGET = DIRECTORY.resolve("target");
  private static final Path PART = DIRECTORY.resolve("target.part");
  private static final int VERSIONS = 4;

  private static final long SEED = TestRun.seed(AtomicFilePowerCutsTest.class);

  /** Some sectors of one letter, so that a mixture or a piece is seen. */
  private static byte[] version(int number) {
    return String.valueOf((char) ('a' + number)).repeat(700 + 900 * number).getBytes(UTF_8);
  }

  private static void write(AtomicFile file, int number) throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(version(number));
    while (bytes.hasRemaining()) {
      int chunk = Math.min(500, bytes.remaining());
      file.write(bytes.slice(bytes.position(), chunk));
      bytes.position(bytes.position() + chunk);
    }
  }

  private static void replace(SimulatedDisk disk, Consumer<Integer> acknowledge) throws Exception {
    for (int number = 1; number <= VERSIONS; number++) {
      try (AtomicFile file = AtomicFile.create(disk, TARGET)) {
        write(file, number);
        if (number != 2) {
          file.commit();
          acknowledge.accept(number);
        }
      }
    }
  }

  private static void makeVersionZero(SimulatedDisk disk) throws Exception {
    disk.makeDirectories(DIRECTORY);
    try (AtomicFile file = AtomicFile.create(disk, TARGET)) {
      write(file, 0);
      file.commit();
    }
  }

  private static int versionOf(SimulatedDisk disk) {
    byte[] bytes = disk.bytes(TARGET);
    int number = bytes.length == 0 ? -1 : bytes[0] - 'a';
    assertTrue(number >= 0 && number <= VERSIONS, "no version, " + bytes.length + " bytes");
    assertEquals(new String(version(number), UTF_8), new String(bytes, UTF_8));
    return number;
  }

  private static void checkReplaced(SimulatedDisk disk, List<Integer> acknowledged)
      throws Exception {
    int number = versionOf(disk);
    int last = acknowledged.isEmpty() ? 0 : acknowledged.get(acknowledged.size() - 1);
    assertTrue(number >= last && number != 2, number + " after " + acknowledged);
    checkStaleIsHarmless(disk, number);
  }

  /** Whatever part is left, another try deletes it and leaves the target. */
  private static void checkStaleIsHarmless(SimulatedDisk disk, int number) throws Exception {
    try (AtomicFile file = AtomicFile.create(disk, TARGET)) {
      write(file, 3);
    }
    assertEquals(number, versionOf(disk));
    assertEquals(List.of(TARGET), disk.list(DIRECTORY));
    assertEquals(List.of(), disk.openFiles());
  }

  private PowerCuts<Integer> replacing() {
    return PowerCuts.of(
            "AtomicFile",
            SEED,
            AtomicFilePowerCutsTest::replace,
            AtomicFilePowerCutsTest::checkReplaced)
        .withPreparation(AtomicFilePowerCutsTest::makeVersionZero)
        .withStates(TestRun.count(130, 2_600));
  }

  private static void makeNew(SimulatedDisk disk, Consumer<Integer> acknowledge) throws Exception {
    try (AtomicFile file = AtomicFile.createNew(disk, TARGET)) {
      write(file, 1);
      file.commit();
      acknowledge.accept(1);
    }
    assertThrows(StorageException.class, () -> AtomicFile.createNew(disk, TARGET));
  }

  private static void checkNew(SimulatedDisk disk, List<Integer> acknowledged) throws Exception {
    if (acknowledged.isEmpty() && !disk.exists(TARGET)) {
      makeNew(disk, done -> {});
    }
    assertEquals(1, versionOf(disk));
    checkStaleIsHarmless(disk, 1);
  }

  private PowerCuts<Integer> makingNew() {
    return PowerCuts.of(
            "AtomicFile.createNew",
            SEED,
            AtomicFilePowerCutsTest::makeNew,
            AtomicFilePowerCutsTest::checkNew)
        .withPreparation(disk -> disk.makeDirectories(DIRECTORY))
        .withStates(TestRun.count(560, 11_200));
  }

  @Test
  void everyOperationCut() {
    assertTrue(replacing().everyOperation() > 1_000);
    assertTrue(makingNew().everyOperation() > 200);
  }

  @Test
  void everySyncMatters() {
    Set<String> sites = replacing().everySyncMatters();
    assertEquals(2, sites.size(), sites.toString());
    assertEquals(sites, makingNew().everySyncMatters());
  }

  @Test
  void aFailingSyncLeavesTheTarget() throws Exception {
    SimulatedDisk disk = new SimulatedDisk(SEED);
    makeVersionZero(disk);
    disk.failSyncs(PART::equals);
    try (AtomicFile file = AtomicFile.create(disk, TARGET)) {
      write(file, 1);
      assertEquals(Code.IO, assertThrows(StorageException.class, file::commit).code());
    }
    assertEquals(0, versionOf(disk));
    assertEquals(List.of(TARGET), disk.list(DIRECTORY));
  }

  @Test
  void aFailedWriteIsNeverCommitted() throws Exception {
    SimulatedDisk disk = new SimulatedDisk(SEED);
    makeVersionZero(disk);
    disk.capacityBytes(2 * 4096);
    try (AtomicFile file = AtomicFile.create(disk, TARGET)) {
      ByteBuffer large = ByteBuffer.allocate(3 * 4096);
      assertEquals(Code.FULL, assertThrows(StorageException.class, () -> file.write(large)).code());
      assertThrows(IllegalStateException.class, file::commit);
    }
    assertEquals(0, versionOf(disk));
    assertEquals(List.of(TARGET), disk.list(DIRECTORY));
    disk.open(TARGET, Disk.Mode.READ).close();
  }
}
