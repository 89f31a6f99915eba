package dev.cairn.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk.Mode;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.testkit.DiskOperation.Kind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What a power cut may leave: every state it should, and none that it must not. */
class SimulatedPowerCutTest {
  private static final long SEED = TestRun.seed(SimulatedPowerCutTest.class);
  private static final int SECTOR = 512;
  private static final Path DIRECTORY = Path.of("/d");
  private static final Path FILE = DIRECTORY.resolve("f");
  private static final Path OTHER = DIRECTORY.resolve("g");

  private final SimulatedDisk disk = new SimulatedDisk(SEED);
  private final SplittableRandom random = new SplittableRandom(SEED);

  SimulatedPowerCutTest() {
    disk.makeDirectories(DIRECTORY);
  }

  private static ByteBuffer letters(char letter, int count) {
    return ByteBuffer.wrap(String.valueOf(letter).repeat(count).getBytes(UTF_8));
  }

  private void put(Path file, char letter, int count) {
    try (DiskFile to = disk.open(file, Mode.CREATE)) {
      to.write(0, letters(letter, count));
    }
  }

  private void putDurable(Path file, char letter, int count) {
    put(file, letter, count);
    disk.settle();
  }

  /** What is seen over many draws. */
  private <T extends Comparable<T>> Set<T> outcomes(Function<SimulatedDisk, T> look) {
    Set<T> seen = new TreeSet<>();
    for (int i = 0; i < 2_000; i++) {
      seen.add(look.apply(disk.afterPowerCut(random)));
    }
    return seen;
  }

  private static String text(SimulatedDisk disk, Path file) {
    return disk.exists(file) ? new String(disk.bytes(file), UTF_8) : "absent";
  }

  /** The first letter of each sector, checking that the sector is of one letter. */
  private static String sectors(SimulatedDisk disk, Path file) {
    byte[] bytes = disk.bytes(file);
    StringBuilder letters = new StringBuilder();
    for (int at = 0; at < bytes.length; at += SECTOR) {
      byte[] sector = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + SECTOR));
      byte[] uniform = new byte[sector.length];
      Arrays.fill(uniform, sector[0]);
      assertArrayEquals(uniform, sector);
      letters.append(sector[0] == 0 ? '0' : (char) sector[0]);
    }
    return letters.toString();
  }

  @Test
  void aCreationIsKeptOrLostUntilItsDirectoryIsSynced() {
    put(FILE, 'a', 1);
    assertEquals(Set.of("", "\0", "a", "absent"), outcomes(left -> text(left, FILE)));
    try (DiskFile file = disk.open(FILE, Mode.READ_WRITE)) {
      file.sync();
    }
    assertEquals(Set.of("a", "absent"), outcomes(left -> text(left, FILE)));
    disk.syncDirectory(DIRECTORY);
    assertEquals(Set.of("a"), outcomes(left -> text(left, FILE)));
  }

  @Test
  void aSyncedDirectoryAloneSavesNoBytes() {
    put(FILE, 'a', 1);
    disk.syncDirectory(DIRECTORY);
    assertEquals(Set.of("", "\0", "a"), outcomes(left -> text(left, FILE)));
  }

  @Test
  void sectorsAreKeptLostTornAndReordered() {
    putDurable(FILE, 'a', 3 * SECTOR);
    try (DiskFile file = disk.open(FILE, Mode.READ_WRITE)) {
      file.write(0, letters('b', 3 * SECTOR));
      Set<String> once = outcomes(left -> sectors(left, FILE));
      assertEquals(Set.of("aaa", "aab", "aba", "abb", "baa", "bab", "bba", "bbb"), once);
      file.write(SECTOR, letters('c', SECTOR));
      Set<String> twice = outcomes(left -> sectors(left, FILE));
      assertEquals(12, twice.size(), twice.toString());
      assertTrue(twice.containsAll(once));
      assertTrue(twice.contains("aca"), "the second write alone, as its sector was b meanwhile");
      file.sync();
    }
    assertEquals(Set.of("bcb"), outcomes(left -> sectors(left, FILE)));
  }

  @Test
  void aLengthIsOneOfThoseTheFileHad() {
    putDurable(FILE, 'a', 2);
    try (DiskFile file = disk.open(FILE, Mode.READ_WRITE)) {
      file.setLength(1);
      file.setLength(4);
      file.write(4, letters('b', 1));
    }
    Set<String> seen = outcomes(left -> text(left, FILE));
    assertEquals(Set.of("aa", "a", "a\0\0\0", "a\0\0\0b", "a\0\0\0\0"), seen);
  }

  @Test
  void aCutFileNeverShowsWhatWasBehindItsEnd() {
    putDurable(FILE, 'a', 4 * SECTOR);
    try (DiskFile file = disk.open(FILE, Mode.READ_WRITE)) {
      file.setLength(0);
      file.setLength(2 * SECTOR);
      file.sync();
    }
    assertEquals(Set.of("00"), outcomes(left -> sectors(left, FILE)));
  }

  @Test
  void aRenameIsAtomic() {
    putDurable(FILE, 'a', 1);
    putDurable(OTHER, 'b', 1);
    disk.rename(FILE, OTHER);
    Function<SimulatedDisk, String> look = left -> text(left, FILE) + " " + text(left, OTHER);
    assertEquals(Set.of("a b", "absent a"), outcomes(look));
    disk.syncDirectory(DIRECTORY);
    assertEquals(Set.of("absent a"), outcomes(look));
  }

  @Test
  void aRenameToAnotherDirectoryIsDurableWithThatDirectory() {
    putDurable(FILE, 'a', 1);
    Path second = Path.of("/e");
    disk.makeDirectories(second);
    Path moved = second.resolve("f");
    disk.rename(FILE, moved);
    Function<SimulatedDisk, String> look = left -> text(left, FILE) + " " + text(left, moved);
    disk.syncDirectory(DIRECTORY);
    assertEquals(Set.of("a absent", "absent a"), outcomes(look));
    disk.syncDirectory(second);
    assertEquals(Set.of("absent a"), outcomes(look));
  }

  @Test
  void renamingToANewNameNeverLosesBoth() {
    putDurable(FILE, 'a', 1);
    disk.renameNew(FILE, OTHER);
    Function<SimulatedDisk, String> look = left -> text(left, FILE) + " " + text(left, OTHER);
    assertEquals(Set.of("a absent", "a a", "absent a"), outcomes(look));
  }

  @Test
  void changesOfDifferentNamesAreReordered() {
    putDurable(FILE, 'a', 1);
    putDurable(OTHER, 'b', 1);
    disk.delete(FILE);
    disk.delete(OTHER);
    Set<String> seen = outcomes(left -> text(left, FILE) + " " + text(left, OTHER));
    assertEquals(Set.of("a b", "absent b", "a absent", "absent absent"), seen);
  }

  @Test
  void aChangeThatBuildsOnALostOneIsLost() {
    Path below = DIRECTORY.resolve("below");
    Path moved = below.resolve("f");
    putDurable(FILE, 'a', 1);
    disk.createDirectory(below);
    disk.rename(FILE, moved);
    Function<SimulatedDisk, String> look = left -> text(left, FILE) + " " + text(left, moved);
    assertEquals(Set.of("a absent", "absent a"), outcomes(look));
    put(FILE, 'b', 1);
    assertTrue(outcomes(look).stream().allMatch(seen -> seen.contains("a")));
  }

  @Test
  void aLostDirectoryTakesItsFilesWithIt() {
    Path below = DIRECTORY.resolve("below");
    disk.createDirectory(below);
    put(below.resolve("f"), 'a', 1);
    disk.syncDirectory(below);
    assertEquals(
        Set.of("absent", "here"),
        outcomes(left -> left.exists(below.resolve("f")) ? "here" : "absent"));
    assertTrue(
        outcomes(left -> left.exists(below) ? left.list(below).size() : 1).equals(Set.of(1)));
  }

  @Test
  void noLaterSyncBringsBackWhatAFailedOneLost() {
    putDurable(FILE, 'a', SECTOR);
    disk.failNth(Kind.SYNC, 1, SimulatedDisk.Fault.IO);
    try (DiskFile file = disk.open(FILE, Mode.READ_WRITE)) {
      file.write(0, letters('b', SECTOR));
      assertThrows(StorageException.class, file::sync);
      assertEquals("b", sectors(disk, FILE));
      file.write(SECTOR, letters('c', SECTOR));
      file.sync();
      assertEquals(Set.of("ac", "bc"), outcomes(left -> sectors(left, FILE)));
    }
  }

  @Test
  void anIgnoredSyncSavesNothing() {
    putDurable(FILE, 'a', 1);
    disk.ignoreNthSync(1).ignoreDirectorySyncs();
    try (DiskFile file = disk.open(FILE, Mode.READ_WRITE)) {
      file.write(0, letters('b', 1));
      file.sync();
      assertEquals(Set.of("a", "b"), outcomes(left -> text(left, FILE)));
      file.sync();
    }
    disk.rename(FILE, OTHER);
    disk.syncDirectory(DIRECTORY);
    assertEquals(
        Set.of("b absent", "absent b"),
        outcomes(left -> text(left, FILE) + " " + text(left, OTHER)));
    disk.clearFaults();
    disk.ignoreSyncs(OTHER::equals);
    try (DiskFile file = disk.open(OTHER, Mode.READ_WRITE)) {
      file.write(0, letters('c', 1));
      file.sync();
    }
    assertEquals(
        2, outcomes(left -> left.exists(OTHER) ? text(left, OTHER) : text(left, FILE)).size());
  }

  @Test
  void whatACutLeavesIsDurableAndUnlocked() {
    putDurable(FILE, 'a', SECTOR);
    disk.lock(FILE, false);
    disk.cutAfter(disk.operations());
    assertThrows(PowerCut.class, () -> put(FILE, 'b', 1));
    SimulatedDisk left = disk.afterPowerCut(random);
    assertEquals(0, left.operations());
    left.lock(FILE, false).close();
    byte[] before = left.bytes(FILE);
    assertArrayEquals(before, left.afterPowerCut(random).bytes(FILE));
  }

  @Test
  void theSameDrawGivesTheSameState() {
    putDurable(FILE, 'a', 8 * SECTOR);
    put(FILE, 'b', 8 * SECTOR);
    put(OTHER, 'c', 8 * SECTOR);
    SimulatedDisk copy = disk.copy();
    for (int i = 0; i < 100; i++) {
      SimulatedDisk one = disk.afterPowerCut(new SplittableRandom(i));
      SimulatedDisk two = copy.afterPowerCut(new SplittableRandom(i));
      assertEquals(one.list(DIRECTORY), two.list(DIRECTORY));
      assertArrayEquals(one.bytes(FILE), two.bytes(FILE));
    }
  }

  @Test
  void copiesShareNothingThatChanges() {
    putDurable(FILE, 'a', 2 * SECTOR);
    put(FILE, 'b', SECTOR);
    SimulatedDisk copy = disk.copy();
    SimulatedDisk left = disk.afterPowerCut(random);
    String drawn = sectors(left, FILE);
    put(FILE, 'c', 2 * SECTOR);
    disk.delete(FILE);
    assertEquals("ba", sectors(copy, FILE));
    assertEquals(drawn, sectors(left, FILE));
    copy.settle();
    assertEquals("ba", sectors(copy.afterPowerCut(random), FILE));
    assertEquals(List.of(FILE), copy.list(DIRECTORY));
  }

  /** Random operations against the promise of the seam: what was synced is there, as it was. */
  @Test
  void whatWasSyncedSurvivesRandomHistories() {
    int histories = TestRun.count(200, 5_000);
    for (int i = 0; i < histories; i++) {
      new SimulatedHistory(random.split()).run();
    }
    TestRun.report("histories of synced files", histories);
  }
}
