package dev.cairn.testkit;

import static dev.cairn.testkit.Bench.assertCode;
import static dev.cairn.testkit.Bench.assertSame;
import static dev.cairn.testkit.Bench.content;
import static dev.cairn.testkit.Data.OTHER;
import static dev.cairn.testkit.Data.USERS;
import static dev.cairn.testkit.Data.filled;
import static dev.cairn.testkit.Data.key;
import static dev.cairn.testkit.Data.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Limits;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.Map;
import java.util.NavigableMap;
import org.junit.jupiter.api.Test;

/** The limits at their edges: what is at them is held, what is past them is refused. */
interface LimitRules extends ContractCase {
  /** Beyond these an engine's own limit is too large to be reached in a test. */
  int TRIED_KEY_BYTES_MAX = 1 << 20;

  int TRIED_VALUE_BYTES_MAX = 64 << 20;
  int TRIED_BUCKETS_MAX = 4_096;
  int BLOCK_BYTES = 8 << 20;

  private Limits limits() {
    return bench().engine().info().limits();
  }

  private Backend withUsers() {
    Backend backend = bench().open();
    backend.commit(Data.put(USERS, "ada", "1815"));
    return backend;
  }

  /** Commits what the model says, and compares now and after a reopen. */
  private void assertHolds(Model model) {
    Backend backend = bench().open();
    Batch.Builder batch = Batch.builder();
    for (Map.Entry<Bucket, NavigableMap<byte[], byte[]>> bucket : model.buckets().entrySet()) {
      batch.createBucket(bucket.getKey());
      bucket.getValue().forEach((key, value) -> batch.put(bucket.getKey(), key, value));
    }
    backend.commit(batch.build());
    assertSame(model, content(backend));
    backend.close();
    assertSame(model, content(bench().open()));
  }

  private void assertRefused(Backend backend, Batch batch, String named) {
    Model before = content(backend);
    StorageException refused = assertCode(() -> backend.commit(batch), Code.LIMIT);
    assertTrue(refused.getMessage().contains(named), refused::getMessage);
    assertSame(before, content(backend));
    backend.commit(Data.put(USERS, "still", "usable"));
    backend.close();
    Model after = before.put(USERS, utf8("still"), utf8("usable"));
    assertSame(after, content(bench().open()));
  }

  @Test
  default void theLimitsCoverThePortableOnes() {
    assertTrue(limits().covers(Limits.PORTABLE), () -> limits().toString());
  }

  @Test
  default void bucketNamesAreAnyBytes() {
    Model model = new Model();
    for (int value = 0; value < 256; value++) {
      Bucket bucket = Bucket.of(filled(1, value));
      model.create(bucket).put(bucket, filled(1, value), filled(3, value));
    }
    assertHolds(model);
  }

  @Test
  default void bucketNamesAreLong() {
    Model model = new Model();
    for (int value : new int[] {0, 1, 'a', 0x7f, 0x80, 0xff}) {
      for (int length : new int[] {2, 253, 254, 255}) {
        Bucket bucket = Bucket.of(filled(length, value));
        model.create(bucket).put(bucket, utf8("length"), utf8("" + length));
      }
    }
    assertHolds(model);
  }

  @Test
  default void keysAreOneToFiveHundredElevenBytes() {
    Model model = new Model().create(USERS);
    for (int value : new int[] {0, 'a', 0x80, 0xff}) {
      for (int length : new int[] {1, 2, 255, 256, 509, 510, 511}) {
        model.put(USERS, filled(length, value), utf8(value + " x " + length));
      }
    }
    for (int last = 0; last < 256; last++) {
      byte[] key = filled(511, 'k');
      key[510] = (byte) last;
      model.put(USERS, key, filled(2_000, last));
    }
    assertHolds(model);
  }

  @Test
  default void valuesAreUpToEightMebibytes() {
    Model model = new Model().create(USERS);
    int[] sizes = {0, 1, 4_047, 4_064, 4_080, 4_096, 4_097, 1 << 16, BLOCK_BYTES - 1, BLOCK_BYTES};
    for (int size : sizes) {
      model.put(USERS, key(size), Data.random(size, size));
    }
    assertHolds(model);
  }

  @Test
  default void largestKeysHoldLargestValues() {
    Model model = new Model().create(USERS);
    model.put(USERS, filled(511, 0xff), Data.random(BLOCK_BYTES, 1));
    model.put(USERS, filled(511, 0), Data.random(BLOCK_BYTES, 2));
    assertHolds(model);
  }

  @Test
  default void aTooLongKeyIsRefused() {
    assumeTrue(limits().keyBytesMax() < TRIED_KEY_BYTES_MAX, "the engine's keys are longer");
    byte[] key = filled(limits().keyBytesMax() + 1, 0x6b);
    Batch batch = Batch.builder().createBucket(OTHER).put(OTHER, key, utf8("v")).build();
    assertRefused(withUsers(), batch, "other");
  }

  @Test
  default void aTooLongKeyIsRefusedInADeleteToo() {
    assumeTrue(limits().keyBytesMax() < TRIED_KEY_BYTES_MAX, "the engine's keys are longer");
    byte[] key = filled(limits().keyBytesMax() + 1, 0x6b);
    assertRefused(withUsers(), Batch.builder().delete(USERS, key).build(), "users");
  }

  @Test
  default void aTooLongValueIsRefused() {
    assumeTrue(limits().valueBytesMax() < TRIED_VALUE_BYTES_MAX, "the engine's are longer");
    byte[] value = new byte[limits().valueBytesMax() + 1];
    assertRefused(withUsers(), Batch.builder().put(USERS, utf8("k"), value).build(), "users");
  }

  @Test
  default void aThousandAndTwentyFourBucketsAreHeld() {
    Model model = new Model();
    for (int i = 0; i < 1_024; i++) {
      Bucket bucket = Bucket.of(key(i));
      model.create(bucket);
      if (i % 3 == 0) {
        model.put(bucket, utf8("number"), utf8("" + i));
      }
    }
    assertHolds(model);
  }

  @Test
  default void oneBucketTooManyIsRefused() {
    int max = limits().bucketsMax();
    assumeTrue(max <= TRIED_BUCKETS_MAX, "the engine holds more buckets");
    Backend backend = withUsers();
    Batch.Builder batch = Batch.builder();
    for (int i = 1; i < max; i++) {
      batch.createBucket(Bucket.of(key(i)));
    }
    backend.commit(batch.build());
    Bucket first = Bucket.of(key(1));
    assertCode(() -> backend.commit(Batch.builder().createBucket(OTHER).build()), Code.LIMIT);
    backend.commit(Batch.builder().createBucket(OTHER).deleteBucket(first).build());
    assertRefused(backend, Batch.builder().createBucket(first).build(), Integer.toString(max));
  }

  @Test
  default void aBatchOfTwoHundredFiftySixMebibytesIsHeld() {
    assumeTrue(TestRun.full(), "only in a full run");
    int blocks = (int) (Limits.PORTABLE.batchBytesMax() / BLOCK_BYTES) - 1;
    Backend backend = withUsers();
    byte[] value = Data.random(BLOCK_BYTES, 1);
    Batch.Builder batch = Batch.builder();
    for (int i = 0; i < blocks; i++) {
      batch.put(USERS, key(i), value);
    }
    batch.put(USERS, key(blocks), new byte[BLOCK_BYTES - 10 * (blocks + 1)]);
    assertEquals(Limits.PORTABLE.batchBytesMax(), batch.build().sizeBytes());
    backend.commit(batch.build());
    backend.close();
    try (ReadView view = bench().open().openView()) {
      for (int i = 0; i < blocks; i++) {
        assertArrayEquals(value, view.get(USERS, key(i)));
      }
    }
  }

  @Test
  default void aTooLargeBatchIsRefused() {
    long max = limits().batchBytesMax();
    assumeTrue(max <= 4 * Limits.PORTABLE.batchBytesMax(), "the engine's batches are larger");
    byte[] value = new byte[BLOCK_BYTES];
    Batch.Builder batch = Batch.builder();
    for (int i = 0; i <= max / BLOCK_BYTES; i++) {
      batch.put(USERS, key(i), value);
    }
    assertRefused(withUsers(), batch.build(), Long.toString(max));
  }
}
