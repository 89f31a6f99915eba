package dev.cairn.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Batch.Mode;
import dev.cairn.spi.StorageException.Code;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A normalised batch against the caller's operations applied one by one. */
class BatchReplayTest {
  private static final int CASES = 20_000;
  private static final Bucket[] BUCKETS = {Bucket.named("a"), Bucket.named("b"), Bucket.named("c")};

  /** Bucket -> key -> value, small enough to be compared as text. */
  private static final class Store {
    private final Map<Bucket, Map<Integer, Integer>> buckets = new TreeMap<>();

    Store copy() {
      Store copy = new Store();
      buckets.forEach((bucket, entries) -> copy.buckets.put(bucket, new TreeMap<>(entries)));
      return copy;
    }

    /** As an engine applies it, in whatever order of the keys; false when it must reject it. */
    boolean apply(Batch batch) {
      for (Batch.Change change : batch.changes()) {
        if (change.mode() == Mode.KEEP && !buckets.containsKey(change.bucket())) {
          return false;
        }
      }
      batch.changes().forEach(this::apply);
      return true;
    }

    private void apply(Batch.Change change) {
      if (change.mode() == Mode.CLEAR || change.mode() == Mode.DROP) {
        buckets.remove(change.bucket());
      }
      if (change.mode() == Mode.DROP) {
        assertEquals(0, change.size());
        return;
      }
      Map<Integer, Integer> entries =
          buckets.computeIfAbsent(change.bucket(), name -> new TreeMap<>());
      for (int i = change.size() - 1; i >= 0; i--) {
        if (change.value(i) == null) {
          entries.remove((int) change.key(i)[0]);
        } else {
          entries.put((int) change.key(i)[0], (int) change.value(i)[0]);
        }
      }
    }
  }

  /** One random batch, built and replayed at the same time. */
  private static final class Replay {
    private final SplittableRandom random;
    private final Batch.Builder builder = Batch.builder();
    private final Store store;
    private final Set<Bucket> settled;
    private final Set<Bucket> wanted = new HashSet<>();
    private final Set<Bucket> dropped = new HashSet<>();

    Replay(SplittableRandom random, Store before) {
      this.random = random;
      store = before.copy();
      settled = new HashSet<>(before.buckets.keySet());
    }

    void step() {
      Bucket bucket = BUCKETS[random.nextInt(BUCKETS.length)];
      int choice = random.nextInt(10);
      if (choice == 0) {
        builder.deleteBucket(bucket);
        store.buckets.remove(bucket);
        dropped.add(bucket);
        settled.add(bucket);
      } else if (choice < 3) {
        builder.createBucket(bucket);
        store.buckets.computeIfAbsent(bucket, name -> new TreeMap<>());
        dropped.remove(bucket);
        settled.add(bucket);
      } else {
        change(bucket, random.nextInt(5), choice < 7 ? random.nextInt(100) : null);
      }
    }

    private void change(Bucket bucket, int key, Integer value) {
      boolean refused = false;
      try {
        byte[] bytes = {(byte) key};
        if (value == null) {
          builder.delete(bucket, bytes);
        } else {
          builder.put(bucket, bytes, new byte[] {value.byteValue()});
        }
      } catch (StorageException e) {
        assertEquals(Code.NOT_FOUND, e.code());
        refused = true;
      }
      assertEquals(dropped.contains(bucket), refused);
      if (refused) {
        return;
      }
      wanted.add(bucket);
      Map<Integer, Integer> entries =
          store.buckets.computeIfAbsent(bucket, name -> new TreeMap<>());
      if (value == null) {
        entries.remove(key);
      } else {
        entries.put(key, value);
      }
    }

    boolean rejected() {
      return !settled.containsAll(wanted);
    }
  }

  private static Store randomStore(SplittableRandom random) {
    Store store = new Store();
    for (Bucket bucket : BUCKETS) {
      if (random.nextBoolean()) {
        Map<Integer, Integer> entries = new TreeMap<>();
        random.ints(random.nextInt(4), 0, 5).forEach(key -> entries.put(key, 100 + key));
        store.buckets.put(bucket, entries);
      }
    }
    return store;
  }

  private static void assertNormalised(Batch batch) {
    Bucket last = null;
    for (Batch.Change change : batch.changes()) {
      assertTrue(last == null || last.compareTo(change.bucket()) < 0);
      last = change.bucket();
      for (int i = 1; i < change.size(); i++) {
        assertTrue(Arrays.compareUnsigned(change.key(i - 1), change.key(i)) < 0);
      }
    }
  }

  @Test
  void aNormalisedBatchDoesWhatTheOperationsDo() {
    SplittableRandom random = new SplittableRandom(20_261_121);
    int rejections = 0;
    for (int i = 0; i < CASES; i++) {
      Store store = randomStore(random);
      String before = store.buckets.toString();
      Replay replay = new Replay(random, store);
      random.ints(random.nextInt(15), 0, 1).forEach(ignored -> replay.step());
      Batch batch = replay.builder.build();
      assertNormalised(batch);
      boolean applied = store.apply(batch);
      assertEquals(replay.rejected(), !applied, () -> before + " with " + shown(batch));
      if (applied) {
        assertEquals(replay.store.buckets, store.buckets, () -> before + " with " + shown(batch));
        assertTrue(store.apply(batch));
        assertEquals(replay.store.buckets, store.buckets, "applied twice");
      } else {
        rejections++;
      }
    }
    assertTrue(rejections > CASES / 100, "hardly a batch was rejected");
  }

  private static String shown(Batch batch) {
    return batch.changes().stream()
        .map(change -> change.mode() + " " + change.bucket() + " " + change.size())
        .collect(Collectors.joining(", "));
  }
}
