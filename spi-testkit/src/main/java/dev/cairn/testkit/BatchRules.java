package dev.cairn.testkit;

import static dev.cairn.testkit.Bench.assertCode;
import static dev.cairn.testkit.Bench.assertSame;
import static dev.cairn.testkit.Bench.content;
import static dev.cairn.testkit.Data.OTHER;
import static dev.cairn.testkit.Data.USERS;
import static dev.cairn.testkit.Data.utf8;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException.Code;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** What a batch does to a store. */
interface BatchRules extends ContractCase {
  private Backend withUsers() {
    Backend backend = bench().open();
    backend.commit(
        Batch.builder()
            .createBucket(USERS)
            .put(USERS, utf8("ada"), utf8("1815"))
            .put(USERS, utf8("alan"), utf8("1912"))
            .build());
    return backend;
  }

  private static Model users(String... keysAndValues) {
    Model model = new Model().create(USERS);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      model.put(USERS, utf8(keysAndValues[i]), utf8(keysAndValues[i + 1]));
    }
    return model;
  }

  private void assertNowAndAfterReopen(Backend backend, Model expected) {
    assertSame(expected, content(backend));
    backend.close();
    assertSame(expected, content(bench().open()));
  }

  @Test
  default void aNewStoreHoldsNothing() {
    assertNowAndAfterReopen(bench().open(), new Model());
  }

  @Test
  default void anEmptyBatchIsANoOp() {
    Backend backend = withUsers();
    backend.commit(Batch.builder().build());
    assertNowAndAfterReopen(backend, users("ada", "1815", "alan", "1912"));
  }

  @Test
  default void putsReplaceAndDeletesRemove() {
    Backend backend = withUsers();
    backend.commit(
        Batch.builder()
            .put(USERS, utf8("ada"), utf8("1852"))
            .put(USERS, utf8("grace"), utf8("1906"))
            .delete(USERS, utf8("alan"))
            .build());
    assertNowAndAfterReopen(backend, users("ada", "1852", "grace", "1906"));
  }

  @Test
  default void theLastOperationOnAKeyWins() {
    Backend backend = withUsers();
    backend.commit(
        Batch.builder()
            .put(USERS, utf8("x"), utf8("1"))
            .delete(USERS, utf8("x"))
            .delete(USERS, utf8("ada"))
            .put(USERS, utf8("ada"), utf8("2"))
            .put(USERS, utf8("alan"), utf8("3"))
            .put(USERS, utf8("alan"), utf8("4"))
            .build());
    assertNowAndAfterReopen(backend, users("ada", "2", "alan", "4"));
  }

  @Test
  default void deletingAnAbsentKeyIsANoOp() {
    Backend backend = withUsers();
    backend.commit(Batch.builder().delete(USERS, utf8("nobody")).build());
    assertNowAndAfterReopen(backend, users("ada", "1815", "alan", "1912"));
  }

  @Test
  default void creatingAnExistingBucketKeepsWhatItHolds() {
    Backend backend = withUsers();
    backend.commit(Batch.builder().createBucket(USERS).build());
    assertNowAndAfterReopen(backend, users("ada", "1815", "alan", "1912"));
  }

  @Test
  default void droppingABucketRemovesItAndAllItHolds() {
    Backend backend = withUsers();
    backend.commit(Batch.builder().deleteBucket(USERS).build());
    assertSame(new Model(), content(backend));
    backend.commit(Batch.builder().createBucket(USERS).build());
    assertNowAndAfterReopen(backend, users());
  }

  @Test
  default void droppingAnAbsentBucketIsANoOp() {
    Backend backend = withUsers();
    backend.commit(Batch.builder().deleteBucket(OTHER).build());
    assertNowAndAfterReopen(backend, users("ada", "1815", "alan", "1912"));
  }

  @Test
  default void dropThenCreateInOneBatchEmptiesTheBucket() {
    Backend backend = withUsers();
    backend.commit(
        Batch.builder()
            .put(USERS, utf8("before"), utf8("is forgotten"))
            .deleteBucket(USERS)
            .createBucket(USERS)
            .put(USERS, utf8("after"), utf8("stays"))
            .build());
    assertNowAndAfterReopen(backend, users("after", "stays"));
  }

  @Test
  default void clearingAnAbsentBucketMakesIt() {
    Backend backend = bench().open();
    backend.commit(Batch.builder().deleteBucket(USERS).createBucket(USERS).build());
    assertNowAndAfterReopen(backend, users());
  }

  @Test
  default void anEmptyBucketIsABucket() {
    Backend backend = withUsers();
    backend.commit(Batch.builder().createBucket(OTHER).build());
    assertNowAndAfterReopen(backend, users("ada", "1815", "alan", "1912").create(OTHER));
  }

  @Test
  default void aBucketThatLosesItsLastKeyStays() {
    Backend backend = withUsers();
    backend.commit(Batch.builder().delete(USERS, utf8("ada")).delete(USERS, utf8("alan")).build());
    assertNowAndAfterReopen(backend, users());
  }

  @Test
  default void aPutIntoAnAbsentBucketRejectsTheWholeBatch() {
    Backend backend = withUsers();
    Batch batch =
        Batch.builder()
            .put(OTHER, utf8("k"), utf8("v"))
            .put(USERS, utf8("ada"), utf8("changed"))
            .createBucket(Bucket.named("made"))
            .build();
    assertCode(() -> backend.commit(batch), Code.NOT_FOUND);
    assertNowAndAfterReopen(backend, users("ada", "1815", "alan", "1912"));
  }

  @Test
  default void aDeleteFromAnAbsentBucketRejectsTheWholeBatch() {
    Backend backend = withUsers();
    Batch batch = Batch.builder().delete(OTHER, utf8("k")).delete(USERS, utf8("ada")).build();
    assertCode(() -> backend.commit(batch), Code.NOT_FOUND);
    assertNowAndAfterReopen(backend, users("ada", "1815", "alan", "1912"));
  }

  @Test
  default void aRejectedBatchLeavesTheBackendUsable() {
    Backend backend = withUsers();
    Batch rejected = Batch.builder().put(OTHER, utf8("k"), utf8("v")).build();
    assertCode(() -> backend.commit(rejected), Code.NOT_FOUND);
    backend.commit(Batch.builder().createBucket(OTHER).build());
    backend.commit(rejected);
    Model expected = users("ada", "1815", "alan", "1912").create(OTHER);
    assertNowAndAfterReopen(backend, expected.put(OTHER, utf8("k"), utf8("v")));
  }

  @Test
  default void applyingABatchTwiceEqualsOnce() {
    Backend backend = withUsers();
    Batch batch =
        Batch.builder()
            .createBucket(OTHER)
            .put(OTHER, utf8("k"), utf8("v"))
            .delete(USERS, utf8("ada"))
            .put(USERS, utf8("new"), utf8("1"))
            .deleteBucket(Bucket.named("absent"))
            .build();
    backend.commit(batch);
    Model once = content(backend);
    backend.commit(batch);
    assertNowAndAfterReopen(backend, once);
  }

  @Test
  default void aCommitNeitherKeepsNorChangesTheBatch() {
    byte[] key = utf8("key");
    byte[] value = Data.random(100_000, 1);
    Backend backend = bench().open();
    backend.commit(Batch.builder().createBucket(USERS).put(USERS, key, value).build());
    Assertions.assertArrayEquals(utf8("key"), key);
    Assertions.assertArrayEquals(Data.random(100_000, 1), value);
  }

  @Test
  default void valuesGrowAndShrinkInPlace() {
    Backend backend = withUsers();
    int[] sizes = {0, 1, 4_000, 100_000, 4_096, 3, 0, 70_000};
    for (int size : sizes) {
      backend.commit(Batch.builder().put(USERS, utf8("ada"), Data.random(size, size)).build());
    }
    Model expected = users("alan", "1912").put(USERS, utf8("ada"), Data.random(70_000, 70_000));
    assertNowAndAfterReopen(backend, expected);
  }

  @Test
  default void commitsComeFromAnyThread() throws InterruptedException {
    Backend backend = bench().open();
    Model expected = new Model().create(USERS);
    for (int i = 0; i < 8; i++) {
      int number = i;
      Tasks.inNewThread(() -> backend.commit(Data.put(USERS, "k" + number, "v" + number)));
      expected.put(USERS, utf8("k" + number), utf8("v" + number));
    }
    Tasks.inNewThread(() -> assertNowAndAfterReopen(backend, expected));
  }

  @Test
  default void manyKeysInManyCommitsAreAllThere() {
    Backend backend = bench().open();
    Model expected = new Model().create(USERS);
    backend.commit(Batch.builder().createBucket(USERS).build());
    for (int round = 0; round < 20; round++) {
      Batch.Builder batch = Batch.builder();
      for (int i = 0; i < 500; i++) {
        byte[] key = Data.key((i * 7919L + round * 104_729L) % 6_000);
        byte[] value = Data.random(i % 300, round * 1_000L + i);
        batch.put(USERS, key, value);
        expected.put(USERS, key, value);
      }
      backend.commit(batch.build());
    }
    assertNowAndAfterReopen(backend, expected);
  }
}
