package dev.cairn.engine.mapdb;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.SimulatedDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A row of batches, each made from a seed and its number alone, and what a store holds after each,
 * as the reference engine says. The number of the last one stands in the store.
 */
final class Rows {
  private static final Bucket META = Bucket.named("meta");
  private static final Bucket GONE = Bucket.named("gone");
  private static final byte[] LAST = "last".getBytes(StandardCharsets.UTF_8);

  private final long seed;
  private final List<String> hashes = new ArrayList<>();
  private final Backend reference;

  Rows(long seed) {
    this.seed = seed;
    reference = new HeapEngine(new SimulatedDisk(seed)).open(Path.of("/heap"), Stores.CONFIG);
    hashes.add(Stores.hash(reference));
  }

  /** A batch; numbers start at 1. */
  Batch batch(long number) {
    SplittableRandom random = new SplittableRandom(seed ^ number * 0x9e3779b97f4a7c15L);
    Batch.Builder batch = Batch.builder().createBucket(META).createBucket(Stores.USERS);
    if (number % 5 == 0) {
      batch.deleteBucket(GONE);
    } else {
      batch.createBucket(GONE).put(GONE, Stores.random(random, 4), Stores.random(random, 2_000));
    }
    for (int i = 0; i < 6; i++) {
      byte[] key = {(byte) random.nextInt(40)};
      int bytes = random.nextInt(8) == 0 ? 3_000 : random.nextInt(200);
      if (random.nextInt(4) == 0) {
        batch.delete(Stores.USERS, key);
      } else {
        batch.put(Stores.USERS, key, Stores.random(random, bytes));
      }
    }
    return batch.put(META, LAST, Long.toString(number).getBytes(StandardCharsets.UTF_8)).build();
  }

  /** The number of the last batch that a view sees, 0 when it sees none. */
  static long last(ReadView view) {
    if (!view.buckets().contains(META)) {
      return 0;
    }
    return Long.parseLong(new String(view.get(META, LAST), StandardCharsets.UTF_8));
  }

  static long last(Backend backend) {
    try (ReadView view = backend.openView()) {
      return last(view);
    }
  }

  /** The content hash after the first so many batches. */
  synchronized String hashAt(long number) {
    while (hashes.size() <= number) {
      reference.commit(batch(hashes.size()));
      hashes.add(Stores.hash(reference));
    }
    return hashes.get((int) number);
  }
}
