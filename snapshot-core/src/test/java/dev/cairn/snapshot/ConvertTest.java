package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A converted file appears whole or not at all, and nothing stays beside it. */
class ConvertTest {
  private static final long SEED = TestRun.seed(ConvertTest.class);
  private static final Path SOURCE = Path.of("/source");
  private static final Path TARGET = Path.of("/target");

  private static void putSource(SimulatedDisk disk) {
    try (DiskFile file = disk.open(SOURCE, Disk.Mode.CREATE_NEW)) {
      file.write(0, ByteBuffer.wrap(Fixture.TINY.bytes()));
    }
  }

  private static byte[] image() {
    byte[] file = Fixture.TINY.bytes();
    return Arrays.copyOf(file, file.length - 32);
  }

  private static ConvertResult convert(Disk disk, String format, ConvertOptions options) {
    StoreFormat target =
        format.equals("etcd") ? StoreFormat.etcd() : StoreFormat.engine(new HeapEngine(disk));
    return Convert.convert(SnapshotFile.inspect(disk, SOURCE), TARGET, target, options);
  }

  @ParameterizedTest
  @ValueSource(strings = {"etcd", "heap"})
  void aFailureLeavesNothing(String format) {
    SimulatedDisk whole = new SimulatedDisk(SEED);
    putSource(whole);
    long before = whole.operations();
    convert(whole, format, ConvertOptions.defaults());
    for (long number = before + 1; number <= whole.operations(); number++) {
      SimulatedDisk disk = new SimulatedDisk(SEED);
      putSource(disk);
      long failing = number;
      disk.inject(each -> each.number() == failing, SimulatedDisk.Fault.IO);
      try {
        convert(disk, format, ConvertOptions.defaults());
        // Only taking the folder away is left to fail, which does not undo the work.
        assertEquals(whole.operations(), number);
      } catch (StorageException e) {
        boolean renamed = number == whole.operations() - 1;
        assertEquals(renamed ? List.of(SOURCE, TARGET) : List.of(SOURCE), names(disk));
      }
      assertEquals(List.of(), disk.openFiles());
    }
  }

  private static List<Path> names(SimulatedDisk disk) {
    return disk.list(Path.of("/"));
  }

  private static PowerCuts<Boolean> cuts(ConvertOptions options, byte[] expected) {
    return PowerCuts.<Boolean>of(
            "convert to etcd",
            SEED,
            (disk, done) -> {
              convert(disk, "etcd", options);
              done.accept(true);
            },
            (disk, done) -> {
              assertTrue(done.isEmpty() || disk.exists(TARGET));
              if (disk.exists(TARGET)) {
                assertArrayEquals(expected, disk.bytes(TARGET));
              } else {
                convert(disk, "etcd", options);
                assertEquals(List.of(SOURCE, TARGET), names(disk));
              }
            })
        .withPreparation(ConvertTest::putSource)
        .withSiteFrames(2);
  }

  @Test
  void aPowerCutLeavesAWholeFileOrNone() {
    cuts(ConvertOptions.defaults(), image()).everyOperation();
    cuts(ConvertOptions.defaults().withHashAppended(), Fixture.TINY.bytes()).everyOperation();
  }

  @Test
  void everySyncMatters() {
    Set<String> sites = cuts(ConvertOptions.defaults(), image()).everySyncMatters();
    assertEquals(2, sites.size(), sites::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"etcd", "lmdb", "heap"})
  void nothingStaysBesideTheNewFile(String format, @TempDir Path directory) throws IOException {
    Path source = Fixture.RICH.in(directory);
    Path target = directory.resolve("new.db");
    Path left = Files.createDirectory(directory.resolve(".new.db.cairn-convert"));
    Files.write(left.resolve("new.db"), new byte[100]);
    ConvertResult result =
        Convert.convert(
            SnapshotFile.inspect(source),
            target,
            StoreFormat.named(format),
            ConvertOptions.defaults());
    assertEquals(target, result.to());
    assertEquals(Set.of("", "new.db", "rich"), Trees.of(directory).keySet());
    assertArrayEquals(Fixture.RICH.bytes(), Files.readAllBytes(source));
  }

  @Test
  void theDirectoryMustBeThere() {
    SimulatedDisk disk = new SimulatedDisk(SEED);
    putSource(disk);
    StorageException e =
        assertThrows(
            StorageException.class,
            () ->
                Convert.convert(
                    SnapshotFile.inspect(disk, SOURCE),
                    Path.of("/none/target"),
                    StoreFormat.etcd(),
                    ConvertOptions.defaults()));
    assertEquals(Code.NOT_FOUND, e.code());
    assertTrue(e.getMessage().startsWith("/none: "), e.getMessage());
  }

  @Test
  void theHashIsComparedFirstUnlessToldOtherwise() {
    SimulatedDisk disk = new SimulatedDisk(SEED);
    byte[] damaged = Fixture.TINY.bytes();
    damaged[damaged.length - 1] ^= 1;
    try (DiskFile file = disk.open(SOURCE, Disk.Mode.CREATE_NEW)) {
      file.write(0, ByteBuffer.wrap(damaged));
    }
    StorageException e =
        assertThrows(
            StorageException.class, () -> convert(disk, "etcd", ConvertOptions.defaults()));
    assertEquals(Code.HASH_MISMATCH, e.code());
    convert(disk, "etcd", ConvertOptions.defaults().withoutHashCheck());
    assertArrayEquals(image(), disk.bytes(TARGET));
  }

  @Test
  void aFileOfAGivenEngineIsTakenAsThat() {
    SimulatedDisk disk = new SimulatedDisk(SEED);
    putSource(disk);
    ConvertResult heap = convert(disk, "heap", ConvertOptions.defaults());
    SnapshotFile store = SnapshotFile.inspect(disk, TARGET, new HeapEngine(disk));
    Path image = Path.of("/image");
    ConvertResult back =
        Convert.convert(store, image, StoreFormat.etcd(), ConvertOptions.defaults());
    assertEquals(heap.sourceHash(), back.targetHash());
    assertEquals("heap", back.fromFormat());
  }
}
