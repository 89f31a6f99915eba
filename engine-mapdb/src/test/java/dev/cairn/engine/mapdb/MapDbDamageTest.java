package dev.cairn.engine.mapdb;

import static dev.cairn.engine.mapdb.Disks.fingerprint;
import static dev.cairn.engine.mapdb.Disks.flipped;
import static dev.cairn.engine.mapdb.Stores.CONFIG;
import static dev.cairn.engine.mapdb.Stores.READ_ONLY;
import static dev.cairn.engine.mapdb.Stores.USERS;
import static dev.cairn.engine.mapdb.Stores.assertCode;
import static dev.cairn.engine.mapdb.Stores.hash;
import static dev.cairn.engine.mapdb.Stores.puts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Damaged stores and images: what was there, or {@code corrupt}; never anything else. */
class MapDbDamageTest {
  private static final Set<Code> REFUSED = EnumSet.of(Code.CORRUPT, Code.UNSUPPORTED);
  private static final Path STORE = Path.of("/db");
  private static final Path IMAGE = Path.of("/image");
  private static final Bucket BIG = Bucket.named("big");

  private final long seed = TestRun.seed(getClass());
  private final SplittableRandom random = new SplittableRandom(seed);
  private final SimulatedDisk disk = new SimulatedDisk(seed);
  private String expected;
  private int sizeBytes;
  private byte[] image;

  @BeforeEach
  void makeStore() throws IOException {
    try (Backend backend = new MapDbEngine(disk).open(STORE, CONFIG)) {
      backend.commit(puts(random, USERS, 700, 120));
      backend.commit(puts(random, BIG, 4, 90_000));
      backend.commit(Batch.builder().createBucket(Bucket.named("empty")).build());
      expected = hash(backend);
      image = Stores.image(backend);
    }
    Disks.put(disk, IMAGE, image);
    sizeBytes = disk.bytes(STORE).length;
  }

  private int bit() {
    return 1 << random.nextInt(8);
  }

  /** Whether a store is refused; otherwise it must hold what it held. */
  private boolean isRefused(SimulatedDisk damaged, BackendConfig config) {
    try (Backend backend = new MapDbEngine(damaged).open(STORE, config)) {
      assertEquals(expected, hash(backend));
      backend.stats();
      return false;
    } catch (StorageException e) {
      assertTrue(REFUSED.contains(e.code()), e::toString);
      assertEquals(1, e.getMessage().lines().count());
      return true;
    }
  }

  @Test
  void aFlipInAStoreIsFoundOrDoesNotMatter() {
    int tries = TestRun.count(1_000, 50_000);
    int found = 0;
    for (int i = 0; i < tries; i++) {
      int reach = i % 3 == 0 ? 70_000 : sizeBytes;
      SimulatedDisk damaged = flipped(disk, STORE, random.nextInt(reach), bit());
      byte[] before = damaged.bytes(STORE);
      found += isRefused(damaged, READ_ONLY) ? 1 : 0;
      assertTrue(Arrays.equals(before, damaged.bytes(STORE)));
    }
    TestRun.report("mapdb flips in stores", tries);
    TestRun.report("mapdb flips in stores found", found);
    assertTrue(found > tries / 10, "found only " + found);
  }

  /** A page that nobody reads may be damaged unseen, until an image takes all of them. */
  @Test
  void aSnapshotFindsEveryDamagedPage() {
    int tries = TestRun.count(200, 10_000);
    for (int i = 0; i < tries; i++) {
      SimulatedDisk damaged = flipped(disk, STORE, random.nextInt(sizeBytes), bit());
      StorageException found =
          assertThrows(
              StorageException.class,
              () -> {
                try (Backend backend = new MapDbEngine(damaged).open(STORE, READ_ONLY)) {
                  Stores.image(backend);
                }
              });
      assertTrue(REFUSED.contains(found.code()), found::toString);
    }
    TestRun.report("mapdb flips met by snapshots", tries);
  }

  @Test
  void aStoreThatIsWrittenOnFindsDamageToo() {
    int tries = TestRun.count(200, 10_000);
    int found = 0;
    for (int i = 0; i < tries; i++) {
      SimulatedDisk damaged = flipped(disk, STORE, random.nextInt(sizeBytes), bit());
      boolean opened = false;
      try (Backend backend = new MapDbEngine(damaged).open(STORE, CONFIG)) {
        opened = true;
        backend.commit(puts(random, USERS, 100, 2_000));
        backend.commit(Batch.builder().deleteBucket(BIG).build());
        hash(backend);
      } catch (StorageException e) {
        assertTrue(REFUSED.contains(e.code()), e::toString);
        assertTrue(opened || !damaged.exists(Sidecars.journal(STORE)));
        found++;
      }
    }
    TestRun.report("mapdb flips in stores written on", tries);
    TestRun.report("mapdb flips in stores written on found", found);
    assertTrue(found > 0);
  }

  @Test
  void aCutStoreIsRefused() {
    for (int i = 0; i < 100; i++) {
      int length = i < 20 ? i * 100 : random.nextInt(sizeBytes);
      SimulatedDisk damaged = Disks.cut(disk, STORE, length);
      Map<Path, Integer> before = fingerprint(damaged);
      for (BackendConfig config : List.of(READ_ONLY, CONFIG)) {
        assertTrue(isRefused(damaged, config));
        assertEquals(before, fingerprint(damaged));
      }
    }
  }

  @Test
  void pagesThatChangedPlacesAreFound() {
    byte[] bytes = disk.bytes(STORE);
    byte[] swapped = bytes.clone();
    int first = PageFile.HEADER_BYTES;
    int second = first + PageFile.BLOCK_BYTES;
    System.arraycopy(bytes, first, swapped, second, PageFile.BLOCK_BYTES);
    System.arraycopy(bytes, second, swapped, first, PageFile.BLOCK_BYTES);
    Disks.put(disk, STORE, swapped);
    assertTrue(isRefused(disk, READ_ONLY));
  }

  @Test
  void everyFlipOfAnImageIsCorrupt() {
    Path target = Path.of("/installed");
    int tries = TestRun.count(400, 20_000);
    int found = 0;
    for (int i = 0; i < tries; i++) {
      int at = random.nextInt(i % 2 == 0 ? 70_000 : image.length);
      int bit = bit();
      found += isWhole(flipped(disk, IMAGE, at, bit)) ? 0 : 1;
      byte[] bytes = image.clone();
      bytes[at] ^= (byte) bit;
      StorageException refused =
          assertThrows(
              StorageException.class, () -> Stores.install(new MapDbEngine(disk), bytes, target));
      assertTrue(REFUSED.contains(refused.code()), refused::toString);
      assertFalse(disk.exists(target));
      disk.settle();
    }
    TestRun.report("mapdb flips in images", tries);
    TestRun.report("mapdb flips in images found by reading", found);
    assertTrue(found > tries / 10, "found only " + found);
  }

  private boolean isWhole(SimulatedDisk damaged) {
    try (ReadView view = new MapDbEngine(damaged).openImage(IMAGE, image.length)) {
      assertEquals(expected, ContentHash.v1(view));
      return true;
    } catch (StorageException e) {
      assertTrue(REFUSED.contains(e.code()), e::toString);
      return false;
    }
  }

  /** Damage whose checksums are right, as only malice makes it: content or {@code corrupt}. */
  @Test
  void aForgedImageIsContentOrCorrupt() {
    int corrupt = 0;
    int tries = TestRun.count(1_000, 50_000);
    SimulatedDisk forged = disk.copy();
    for (int i = 0; i < tries; i++) {
      Disks.put(forged, IMAGE, Forged.image(image, random));
      corrupt += isCorrupt(forged) ? 1 : 0;
    }
    TestRun.report("mapdb forged images read", tries);
    TestRun.report("mapdb forged images found corrupt", corrupt);
    assertTrue(corrupt > tries / 20, "found only " + corrupt);
  }

  private boolean isCorrupt(SimulatedDisk forged) {
    try (ReadView view = new MapDbEngine(forged).openImage(IMAGE, image.length)) {
      ContentHash.v1(view);
      for (Bucket bucket : view.buckets()) {
        view.lastKey(bucket);
        view.get(bucket, new byte[] {5, 5});
      }
      return false;
    } catch (StorageException e) {
      assertTrue(REFUSED.contains(e.code()), e::toString);
      return true;
    }
  }

  /** What is installed of a forged image, MapDB then writes to. */
  @Test
  void aForgedStoreThatIsWrittenToIsContentOrCorrupt() {
    int tries = TestRun.count(200, 10_000);
    int refused = 0;
    for (int i = 0; i < tries; i++) {
      SimulatedDisk forged = new SimulatedDisk(i);
      try {
        Stores.install(new MapDbEngine(forged), Forged.image(image, random), STORE);
        writeTo(forged);
      } catch (StorageException e) {
        assertTrue(REFUSED.contains(e.code()), e::toString);
        refused++;
      }
      assertEquals(List.of(), forged.openFiles());
    }
    TestRun.report("mapdb forged stores written to", tries);
    TestRun.report("mapdb forged stores refused", refused);
  }

  private void writeTo(SimulatedDisk forged) {
    try (Backend backend = new MapDbEngine(forged).open(STORE, CONFIG)) {
      backend.commit(puts(random, USERS, 100, 1_000));
      backend.commit(Batch.builder().deleteBucket(USERS).build());
      backend.commit(puts(random, BIG, 3, 20_000));
      hash(backend);
    }
  }

  @Test
  void aCutImageIsRefused() {
    for (int i = 0; i < 50; i++) {
      int length = random.nextInt(image.length);
      SimulatedDisk cut = Disks.cut(disk, IMAGE, length);
      assertCode(Code.CORRUPT, () -> new MapDbEngine(cut).openImage(IMAGE, image.length));
      assertCode(Code.CORRUPT, () -> new MapDbEngine(cut).openImage(IMAGE, length));
    }
  }
}
