package com.example.cairn.shelf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Damaged bytes in any of the files are named and change nothing. */
class ShelfDamageTest {
  private static final Path STORE = Path.of("/db");
  private static final BackendConfig CONFIG = BackendConfig.defaults();
  private static final int BATCHES = 12;
  private static final Path NEWEST = Path.of("/db-1." + BATCHES);

  private final long seed = TestRun.seed(getClass());
  private final Contents contents = new Contents(seed, BATCHES);
  private final SplittableRandom random = new SplittableRandom(seed);

  /** A store as a crash leaves it: batches that no close has folded. */
  private SimulatedDisk crashed() {
    SimulatedDisk disk = new SimulatedDisk(seed);
    Backend backend = new ShelfEngine(disk).open(STORE, CONFIG);
    for (int number = 1; number <= BATCHES; number++) {
      backend.commit(contents.batch(number));
    }
    SimulatedDisk left = disk.copy();
    backend.close();
    return left;
  }

  private static StorageException assertCode(Executable call, Code... codes) {
    StorageException thrown = assertThrows(StorageException.class, call);
    assertTrue(List.of(codes).contains(thrown.code()), thrown::toString);
    assertEquals(1, thrown.getMessage().lines().count());
    return thrown;
  }

  private void flip(SimulatedDisk disk, Path path) {
    byte[] bytes = disk.bytes(path);
    long at = random.nextLong(bytes.length);
    try (DiskFile file = disk.open(path, Disk.Mode.READ_WRITE)) {
      byte damaged = (byte) (bytes[(int) at] ^ 1 << random.nextInt(8));
      file.write(at, ByteBuffer.wrap(new byte[] {damaged}));
    }
  }

  @Test
  void aCrashedStoreIsWhole() {
    SimulatedDisk disk = crashed();
    assertTrue(new ShelfEngine(disk).files(STORE).size() > 2);
    try (Backend backend = new ShelfEngine(disk).open(STORE, CONFIG)) {
      assertEquals(contents.hash(BATCHES), Contents.hash(backend));
    }
  }

  /** Some bytes say nothing any more; a flip of any other is found. */
  @Test
  void aFlippedBitIsFoundOrHarmsNothing() {
    SimulatedDisk whole = crashed();
    int found = 0;
    int flips = TestRun.count(400, 20_000);
    for (int i = 0; i < flips; i++) {
      SimulatedDisk disk = whole.copy();
      ShelfEngine engine = new ShelfEngine(disk);
      List<Path> files = engine.files(STORE);
      Path hit = files.get(random.nextInt(files.size()));
      flip(disk, hit);
      byte[] before = disk.bytes(hit);
      try (Backend backend = engine.open(STORE, CONFIG.withAccess(Access.READ_ONLY))) {
        assertEquals(contents.hash(BATCHES), Contents.hash(backend));
      } catch (StorageException damaged) {
        found++;
        assertTrue(List.of(Code.CORRUPT, Code.UNSUPPORTED).contains(damaged.code()));
        assertTrue(damaged.getMessage().contains(hit.toString()), damaged::getMessage);
        assertCode(() -> engine.open(STORE, CONFIG), damaged.code());
        assertEquals(files, engine.files(STORE));
      }
      assertArrayEquals(before, disk.bytes(hit));
      assertEquals(List.of(), disk.openFiles());
    }
    assertTrue(found > flips / 4);
    TestRun.report("shelf bits flipped", flips);
    TestRun.report("shelf flips found", found);
  }

  @Test
  void aCutFileIsFound() {
    SimulatedDisk whole = crashed();
    for (int i = 0; i < 50; i++) {
      SimulatedDisk disk = whole.copy();
      try (DiskFile file = disk.open(NEWEST, Disk.Mode.READ_WRITE)) {
        file.setLength(random.nextLong(file.sizeBytes()));
      }
      assertCode(() -> new ShelfEngine(disk).open(STORE, CONFIG), Code.CORRUPT, Code.UNSUPPORTED);
    }
  }

  @Test
  void aMissingFileIsNamed() {
    SimulatedDisk disk = crashed();
    ShelfEngine engine = new ShelfEngine(disk);
    Path older =
        engine.files(STORE).stream()
            .filter(each -> !each.equals(NEWEST) && !each.equals(STORE))
            .findFirst()
            .orElseThrow();
    disk.delete(older);
    StorageException refused = assertCode(() -> engine.open(STORE, CONFIG), Code.CORRUPT);
    assertTrue(refused.getMessage().contains(older.toString()), refused::getMessage);
  }

  /** Files under the right names that another store left are not this one's. */
  @Test
  void filesOfADeadStoreAreNotBelieved() {
    SimulatedDisk disk = crashed();
    ShelfEngine engine = new ShelfEngine(disk);
    disk.delete(STORE);
    try (Backend backend = engine.open(STORE, CONFIG)) {
      assertEquals(contents.hash(0), Contents.hash(backend));
      assertEquals(List.of(STORE), engine.files(STORE));
    }
  }

  @Test
  void aNewerFormatIsNamed() {
    SimulatedDisk disk = crashed();
    try (DiskFile file = disk.open(STORE, Disk.Mode.READ_WRITE)) {
      file.write(8 + 6, ByteBuffer.wrap(new byte[] {0, 2}));
    }
    StorageException refused =
        assertCode(() -> new ShelfEngine(disk).open(STORE, CONFIG), Code.UNSUPPORTED);
    assertTrue(refused.getMessage().contains("version 2"), refused::getMessage);
  }

  @Test
  void aFailedSyncPoisonsAndNothingIsFolded() {
    SimulatedDisk disk = crashed();
    ShelfEngine engine = new ShelfEngine(disk);
    Backend backend = engine.open(STORE, CONFIG);
    byte[] main = disk.bytes(STORE);
    disk.failSyncs(path -> true);
    assertCode(() -> backend.commit(contents.batch(1)), Code.IO);
    disk.clearFaults();
    assertCode(() -> backend.commit(contents.batch(1)), Code.IO);
    backend.close();
    assertArrayEquals(main, disk.bytes(STORE));
    try (Backend again = engine.open(STORE, CONFIG)) {
      assertTrue(List.of(1, BATCHES).contains(Contents.last(again)));
    }
  }

  @Test
  void aFullDiskRejectsTheBatchAndKeepsTheBackend() {
    SimulatedDisk disk = crashed();
    Backend backend = new ShelfEngine(disk).open(STORE, CONFIG);
    disk.capacityBytes(disk.bytes(STORE).length);
    assertCode(() -> backend.commit(contents.batch(1)), Code.FULL);
    assertEquals(contents.hash(BATCHES), Contents.hash(backend));
    disk.capacityBytes(Long.MAX_VALUE);
    backend.commit(contents.batch(1));
    assertNotEquals(contents.hash(BATCHES), Contents.hash(backend));
    backend.close();
  }

  @Test
  void everyFlipOfAnImageIsFound() throws IOException {
    SimulatedDisk disk = crashed();
    ShelfEngine engine = new ShelfEngine(disk);
    byte[] image = image(engine);
    int flips = TestRun.count(300, 20_000);
    Path target = Path.of("/target");
    int found = 0;
    for (int i = 0; i < flips; i++) {
      byte[] bytes = image.clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        engine.install(Channels.newChannel(new ByteArrayInputStream(bytes)), bytes.length, target);
        try (Backend backend = engine.open(target, CONFIG)) {
          // A zero between the sections and the table: filling that nobody reads.
          assertEquals(contents.hash(BATCHES), Contents.hash(backend));
        }
        disk.delete(target);
      } catch (StorageException damaged) {
        found++;
        assertTrue(List.of(Code.CORRUPT, Code.UNSUPPORTED).contains(damaged.code()));
      }
      assertFalse(disk.exists(target));
    }
    assertTrue(found > flips / 2);
    TestRun.report("shelf damaged images", flips);
  }

  private static byte[] image(ShelfEngine engine) throws IOException {
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    try (Backend backend = engine.open(STORE, CONFIG.withAccess(Access.READ_ONLY));
        Snapshot snapshot = backend.snapshot()) {
      snapshot.writeTo(Channels.newChannel(image));
    }
    return image.toByteArray();
  }
}
