package dev.cairn.engine.mapdb;

import static dev.cairn.engine.mapdb.Stores.CONFIG;
import static dev.cairn.engine.mapdb.Stores.ENGINE;
import static dev.cairn.engine.mapdb.Stores.RELAXED;
import static dev.cairn.engine.mapdb.Stores.USERS;
import static dev.cairn.engine.mapdb.Stores.hash;
import static dev.cairn.engine.mapdb.Stores.puts;
import static dev.cairn.engine.mapdb.Stores.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mapdb.BTreeMap;
import org.mapdb.CC;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;
import org.mapdb.Store;

/** Images of stores with all kinds of history, read here and by MapDB alone. */
class MapDbImageTest {
  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));

  @Test
  void imagesOfAChangingStoreHoldItsContent() throws Exception {
    int rounds = TestRun.count(25, 1_000);
    try (Backend backend = ENGINE.open(directory.resolve("db"), RELAXED)) {
      for (int round = 0; round < rounds; round++) {
        backend.commit(change(round));
        checkImage(Stores.image(backend), backend);
      }
    }
    TestRun.report("mapdb images checked, by MapDB too", rounds);
  }

  private Batch change(int round) {
    Batch.Builder batch = Batch.builder();
    if (round % 10 == 9) {
      for (int i = 0; i < 10; i++) {
        batch.deleteBucket(Bucket.named("b" + i));
      }
      return batch.build();
    }
    Bucket bucket = Bucket.named("b" + random.nextInt(10));
    batch.createBucket(bucket);
    for (int i = random.nextInt(300); i > 0; i--) {
      byte[] key = random(random, 1 + random.nextInt(round % 3 == 0 ? 500 : 2));
      boolean big = random.nextInt(20) == 0;
      byte[] value = random(random, random.nextInt(big ? 150_000 : 300));
      if (random.nextInt(3) == 0) {
        batch.delete(bucket, key);
      } else {
        batch.put(bucket, key, value);
      }
    }
    return batch.build();
  }

  private void checkImage(byte[] bytes, Backend source) throws Exception {
    Path image = Files.write(directory.resolve("image"), bytes);
    assertEquals(hash(source), Stores.imageHash(image));
    try (ReadView view = source.openView()) {
      checkByMapDb(image, view);
    }
    assertArrayEquals(bytes, Stores.read(image));
    Path copy = directory.resolve("copy");
    Stores.install(bytes, copy);
    try (Backend backend = ENGINE.open(copy, RELAXED)) {
      assertNotEquals(source.stats().storeId(), backend.stats().storeId());
      backend.commit(puts(random, Bucket.named("x"), 50, 2_000));
      backend.commit(Batch.builder().deleteBucket(Bucket.named("x")).build());
      assertEquals(hash(source), hash(backend));
    }
    Files.delete(copy);
  }

  /** Opens it as any user of MapDB would, and finds everything by the catalog. */
  private static void checkByMapDb(Path image, ReadView view) {
    try (DB db = DBMaker.fileDB(image.toFile()).readOnly().make()) {
      BTreeMap<byte[], byte[]> catalog =
          db.treeMap(Content.CATALOG_NAME, Serializer.BYTE_ARRAY_DELTA2, Serializer.BYTE_ARRAY)
              .open();
      int buckets = 0;
      for (Map.Entry<byte[], byte[]> entry : catalog.getEntries()) {
        byte[] name = Arrays.copyOfRange(entry.getKey(), 1, entry.getKey().length);
        long rootHolder = ByteBuffer.wrap(entry.getValue()).getLong(1);
        BTreeMap<byte[], byte[]> map = map(db.getStore(), rootHolder);
        map.verify();
        checkBucket(map, db.getStore(), view, Bucket.of(name));
        buckets++;
      }
      assertEquals(view.buckets().size(), buckets);
    }
  }

  private static BTreeMap<byte[], byte[]> map(Store store, long rootHolder) {
    return new BTreeMap<>(
        Serializer.BYTE_ARRAY_DELTA2,
        Serializer.BYTE_ARRAY,
        rootHolder,
        store,
        true,
        CC.BTREEMAP_MAX_NODE_SIZE,
        Serializer.BYTE_ARRAY_DELTA2,
        true,
        0,
        true,
        null);
  }

  private static void checkBucket(
      BTreeMap<byte[], byte[]> map, Store store, ReadView view, Bucket bucket) {
    byte[] last = null;
    try (Cursor cursor = view.openCursor(bucket)) {
      for (Map.Entry<byte[], byte[]> entry : map.getEntries()) {
        assertTrue(cursor.next());
        assertEquals(cursor.key(), ByteBuffer.wrap(entry.getKey()));
        assertEquals(cursor.value(), ByteBuffer.wrap(value(entry.getValue(), store)));
        last = entry.getKey();
      }
      assertTrue(!cursor.next());
    }
    assertArrayEquals(last, view.lastKey(bucket));
  }

  private static byte[] value(byte[] stored, Store store) {
    return stored[0] == 0
        ? Arrays.copyOfRange(stored, 1, stored.length)
        : store.get(ByteBuffer.wrap(stored).getLong(1), Serializer.BYTE_ARRAY_NOSIZE);
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

  /** MapDB's order of keys is ours: as unsigned bytes, the shorter one first. */
  @Test
  void keysAreInUnsignedOrder() {
    TreeMap<byte[], byte[]> expected = new TreeMap<>(Arrays::compareUnsigned);
    Batch.Builder batch = Batch.builder().createBucket(USERS);
    for (int i = 0; i < 4_000; i++) {
      byte[] key = new byte[1 + random.nextInt(6)];
      for (int at = 0; at < key.length; at++) {
        key[at] = new byte[] {0, 1, 0x7f, (byte) 0x80, (byte) 0xff}[random.nextInt(5)];
      }
      byte[] value = random(random, 3);
      expected.put(key, value);
      batch.put(USERS, key, value);
    }
    try (Backend backend = ENGINE.open(directory.resolve("db"), CONFIG)) {
      backend.commit(batch.build());
      try (ReadView view = backend.openView();
          Cursor cursor = view.openCursor(USERS)) {
        for (Map.Entry<byte[], byte[]> entry : expected.entrySet()) {
          assertTrue(cursor.next());
          assertEquals(ByteBuffer.wrap(entry.getKey()), cursor.key());
          assertArrayEquals(entry.getValue(), view.get(USERS, entry.getKey()));
        }
        assertTrue(!cursor.next());
      }
    }
    byte[][] keys = expected.keySet().toArray(new byte[0][]);
    for (byte[] one : keys) {
      byte[] other = keys[random.nextInt(keys.length)];
      int ours = Arrays.compareUnsigned(one, other);
      int theirs = Serializer.BYTE_ARRAY_DELTA2.compare(one, other);
      assertEquals(Integer.signum(ours), Integer.signum(theirs));
    }
  }

  /** Deleted entries leave empty nodes behind, which no walk may trip over. */
  @Test
  void whatDeletesHaveEmptiedIsPassedOver() {
    int keys = 3_000;
    try (Backend backend = ENGINE.open(directory.resolve("db"), RELAXED)) {
      Batch.Builder fill = Batch.builder().createBucket(USERS);
      for (int i = 0; i < keys; i++) {
        fill.put(USERS, key(i), random(random, 20));
      }
      backend.commit(fill.build());
      int[][] kept = {{0, 1_000, 1_001}, {1_000}, {2_999}, {0}, {}};
      for (int[] numbers : kept) {
        backend.commit(fill.build());
        Batch.Builder delete = Batch.builder();
        for (int i = 0; i < keys; i++) {
          int number = i;
          if (Arrays.stream(numbers).noneMatch(keep -> keep == number)) {
            delete.delete(USERS, key(i));
          }
        }
        backend.commit(delete.build());
        assertKeys(backend, numbers);
      }
    }
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private static void assertKeys(Backend backend, int[] numbers) {
    try (ReadView view = backend.openView();
        Cursor cursor = view.openCursor(USERS)) {
      for (int number : numbers) {
        assertTrue(cursor.next());
        assertEquals(number, cursor.key().getInt());
        assertTrue(cursor.seek(key(number)));
        assertEquals(number, cursor.key().getInt());
      }
      assertTrue(!cursor.next());
      byte[] last = view.lastKey(USERS);
      if (numbers.length == 0) {
        assertNull(last);
      } else {
        assertArrayEquals(key(numbers[numbers.length - 1]), last);
      }
    }
  }
}
