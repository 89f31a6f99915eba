package dev.cairn.engine.lmdb;

import static dev.cairn.engine.lmdb.Stores.CONFIG;
import static dev.cairn.engine.lmdb.Stores.ENGINE;
import static dev.cairn.engine.lmdb.Stores.USERS;
import static dev.cairn.engine.lmdb.Stores.hash;
import static dev.cairn.engine.lmdb.Stores.puts;
import static dev.cairn.engine.lmdb.Stores.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.TestRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Raw and compact images of stores with all kinds of history. */
class LmdbImageTest {
  private static final BackendConfig FAST = CONFIG.withDurability(BackendConfig.Durability.RELAXED);

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));

  @Test
  void imagesOfAChangingStoreHoldItsContent() throws Exception {
    int rounds = TestRun.count(40, 1_000);
    int compact = 0;
    try (Backend backend = ENGINE.open(directory.resolve("db"), FAST)) {
      for (int round = 0; round < rounds; round++) {
        backend.commit(change(round));
        byte[] image = Stores.image(backend);
        checkImage(image, backend);
        compact += image.length < 0.6 * backend.stats().fileBytes() ? 1 : 0;
      }
    }
    TestRun.report("lmdb images checked", rounds);
    TestRun.report("lmdb images that were compact", compact);
    assertTrue(compact > 0 && compact < rounds, "both kinds must have come up");
  }

  /** Now and then most of the store goes, and with it the bytes of the next images. */
  private Batch change(int round) {
    Batch.Builder batch = Batch.builder();
    if (round % 10 == 9) {
      for (int i = 0; i < 20; i++) {
        batch.deleteBucket(Bucket.named("b" + i));
      }
      return batch.build();
    }
    Bucket bucket = Bucket.named("b" + random.nextInt(20));
    batch.createBucket(bucket);
    for (int i = random.nextInt(300); i > 0; i--) {
      byte[] key = random(random, 1 + random.nextInt(round % 3 == 0 ? 500 : 8));
      boolean big = random.nextInt(10) == 0;
      byte[] value = random(random, random.nextInt(big ? 20_000 : 300));
      if (random.nextInt(4) == 0) {
        batch.delete(bucket, key);
      } else {
        batch.put(bucket, key, value);
      }
    }
    return batch.build();
  }

  private void checkImage(byte[] image, Backend source) throws Exception {
    assertEquals(hash(source), Stores.imageHash(Files.write(directory.resolve("image"), image)));
    Path copy = directory.resolve("copy");
    Stores.install(image, copy);
    try (Backend backend = ENGINE.open(copy, FAST)) {
      assertNotEquals(source.stats().storeId(), backend.stats().storeId());
      // LMDB works on what was installed: it takes from its list of free pages, and splits pages.
      backend.commit(puts(random, Bucket.named("x"), 100, 2_000));
      backend.commit(Batch.builder().deleteBucket(Bucket.named("x")).build());
      assertEquals(hash(source), hash(backend));
    }
    checkPages(copy);
    for (Path file : ENGINE.files(copy)) {
      Files.delete(file);
    }
  }

  /** What LMDB has written passes the check that images must. */
  private static void checkPages(Path store) {
    try (DiskFile file = LocalDisk.INSTANCE.open(store, Disk.Mode.READ)) {
      new ImageCheck(Version.newest(new FilePages(file, file.sizeBytes()))).run();
    }
  }

  @Test
  void aCompactImageHasOnlyThePagesInUseAndIsTheSameEachTime() throws Exception {
    try (Backend backend = ENGINE.open(directory.resolve("db"), FAST)) {
      backend.commit(puts(random, USERS, 500, 5_000));
      backend.commit(puts(random, Bucket.named("kept"), 200, 300));
      backend.commit(Batch.builder().deleteBucket(USERS).build());
      byte[] first = Stores.image(backend);
      byte[] second = Stores.image(backend);
      assertArrayEquals(first, second);
      assertTrue(first.length < 40 * 4096, () -> first.length + " bytes");
      checkImage(first, backend);
    }
  }

  @Test
  void anImageOfAReadOnlyStoreIsThatOfTheStore() throws Exception {
    Path store = directory.resolve("db");
    byte[] image;
    try (Backend backend = ENGINE.open(store, CONFIG)) {
      backend.commit(puts(random, USERS, 500, 1_000));
      image = Stores.image(backend);
    }
    try (Backend backend = ENGINE.open(store, Stores.READ_ONLY);
        Backend beside = ENGINE.open(store, Stores.READ_ONLY);
        ReadView view = beside.openView()) {
      assertArrayEquals(image, Stores.image(backend));
      assertEquals(hash(backend), ContentHash.v1(view));
    }
  }
}
