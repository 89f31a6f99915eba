package dev.cairn.engine.bbolt;

import static dev.cairn.engine.bbolt.Stores.CONFIG;
import static dev.cairn.engine.bbolt.Stores.USERS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.bbolt.BoltBucket;
import dev.cairn.bbolt.BoltFile;
import dev.cairn.bbolt.BoltReport;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** How full pages are, what becomes free, and how long the file gets. */
class BboltGrowthTest {
  private static final Path STORE = Path.of("/db");
  private static final int VALUE_BYTES = 100;
  private static final int ENTRY_BYTES = 16 + Long.BYTES + VALUE_BYTES;

  private final SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));
  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final BboltEngine engine = new BboltEngine(disk);
  private final Backend backend = engine.open(STORE, CONFIG.withDurability(Durability.RELAXED));

  private static byte[] key(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private void commit(int count, LongUnaryOperator keys, long from) {
    Batch.Builder batch = Batch.builder().createBucket(USERS);
    for (long i = from; i < from + count; i++) {
      batch.put(USERS, key(keys.applyAsLong(i)), Stores.random(random, VALUE_BYTES));
    }
    backend.commit(batch.build());
  }

  private double fill(long entries) {
    return (double) entries * ENTRY_BYTES / backend.stats().liveBytes();
  }

  @Test
  void whatIsAppendedIsPacked() {
    for (int i = 0; i < 200; i++) {
      commit(i % 10 == 0 ? 1_000 : 1, key -> key, i * 1_000L);
    }
    double fill = fill(20_180);
    assertTrue(fill > 0.9, "pages are full to " + fill);
    backend.close();
    Stores.assertSound(disk, STORE);
  }

  @Test
  void randomPutsLeavePagesTwoThirdsFull() {
    for (int i = 0; i < 100; i++) {
      commit(200, key -> key * 0x9E3779B97F4A7C15L, i * 200L);
    }
    double fill = fill(20_000);
    assertTrue(fill > 0.6, "pages are full to " + fill);
  }

  @Test
  void deletesJoinPages() {
    commit(20_000, key -> key, 0);
    Batch.Builder batch = Batch.builder();
    for (int i = 0; i < 20_000; i++) {
      if (i % 10 != 0) {
        batch.delete(USERS, key(i));
      }
    }
    backend.commit(batch.build());
    double fill = fill(2_000);
    assertTrue(fill > 0.25, "pages are full to " + fill);
    backend.close();
    Stores.assertSound(disk, STORE);
  }

  @Test
  void theFileStopsGrowingWhenNothingIsPinned() {
    commit(2_000, key -> key, 0);
    ReadView view = backend.openView();
    for (int i = 0; i < 20; i++) {
      commit(2_000, key -> key, 0);
    }
    assertTrue(backend.stats().pinnedBytes() > 200_000, () -> backend.stats().toString());
    view.close();
    assertEquals(0, backend.stats().pinnedBytes());
    long before = backend.stats().fileBytes();
    for (int i = 0; i < 60; i++) {
      commit(2_000, key -> key, 0);
    }
    assertEquals(before, backend.stats().fileBytes());
  }

  /** A view keeps its own version, and nothing of all that is made and replaced since. */
  @Test
  void theFileStopsGrowingUnderOneView() {
    commit(2_000, key -> key, 0);
    String content = Stores.hash(backend);
    long liveBytes = backend.stats().liveBytes();
    try (ReadView view = backend.openView()) {
      for (int i = 0; i < 20; i++) {
        commit(100, key -> key * 20, 0);
        commit(2_000, key -> key, 0);
      }
      long before = backend.stats().fileBytes();
      assertTrue(backend.stats().pinnedBytes() <= liveBytes, () -> backend.stats().toString());
      for (int i = 0; i < 60; i++) {
        commit(100, key -> key * 20, 0);
        commit(2_000, key -> key, 0);
      }
      assertEquals(before, backend.stats().fileBytes());
      assertTrue(backend.stats().pinnedBytes() <= liveBytes, () -> backend.stats().toString());
      assertEquals(content, ContentHash.v1(view));
    }
    assertEquals(0, backend.stats().pinnedBytes());
    backend.close();
    Stores.assertSound(disk, STORE);
  }

  @Test
  void aDroppedBucketFreesAllItsPages() {
    long empty = backend.stats().liveBytes();
    Batch large = Stores.puts(random, USERS, 400, 20_000);
    backend.commit(large);
    backend.commit(Batch.builder().deleteBucket(USERS).build());
    // The freelist may be a page or two longer.
    assertTrue(backend.stats().liveBytes() <= empty + 8 * 4096, backend.stats()::toString);
    backend.close();
    BoltReport report = Stores.assertSound(disk, STORE);
    assertEquals(0, report.bucketCount());
  }

  @Test
  void aSmallBucketIsInlineAndALargeOneIsNot() {
    Bucket small = Bucket.named("small");
    // A header of 16, an element of 16 with a key of 1: the quarter of a page is just reached.
    int edge = 4096 / 4 - 16 - 16 - 1;
    for (int valueBytes : new int[] {0, edge, edge + 1, 3_000, 9_000, edge + 1, edge, 0}) {
      Batch.Builder batch = Batch.builder().createBucket(small);
      backend.commit(batch.put(small, new byte[1], new byte[valueBytes]).build());
      backend.sync();
      try (BoltFile file = BoltFile.open(disk, STORE, disk.sizeBytes(STORE))) {
        BoltBucket bucket = file.buckets().get(0);
        assertEquals(valueBytes <= edge, bucket.inline(), "value of " + valueBytes);
      }
      Stores.assertSound(disk, STORE);
    }
  }

  @Test
  void whatChangesNothingWritesNothing() {
    commit(100, key -> key, 0);
    byte[] before = disk.bytes(STORE);
    Batch.Builder batch = Batch.builder().createBucket(USERS).deleteBucket(Bucket.named("absent"));
    backend.commit(batch.delete(USERS, key(1_000)).build());
    assertArrayEquals(before, disk.bytes(STORE));
    assertEquals(2, backend.stats().commits());
  }

  @Test
  void aLongFreelistIsStoredAndRead() {
    backend.close();
    disk.delete(STORE);
    var config = CONFIG.withOption("bbolt.pageSizeBytes", "512");
    try (Backend small = engine.open(STORE, config)) {
      Batch.Builder batch = Batch.builder().createBucket(USERS);
      for (int i = 0; i < 5; i++) {
        batch.put(USERS, key(i), new byte[8 << 20]);
      }
      small.commit(batch.build());
      small.commit(Batch.builder().deleteBucket(USERS).build());
      small.commit(Stores.put(USERS, "k", "v"));
    }
    BoltReport report = Stores.assertSound(disk, STORE);
    assertTrue(report.pagesFree() > 0xffff, report::toString);
    try (Backend small = engine.open(STORE, config)) {
      small.commit(Stores.put(USERS, "k2", "v"));
      assertFalse(small.stats().liveBytes() > 2 << 20, small.stats()::toString);
    }
    Stores.assertSound(disk, STORE);
  }
}
