package dev.cairn.engine.h2;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
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
 * A row of batches made from a seed and their numbers, which stand in the store, and the hash of
 * all content after each, as the reference engine has it.
 */
final class Numbered {
  private static final Bucket META = Bucket.named("meta");
  private static final Bucket[] DATA = {Bucket.named("left"), Bucket.named("right")};
  private static final int KEYS = 60;

  private final long seed;
  private final Backend reference =
      new HeapEngine(new SimulatedDisk(1)).open(Path.of("/reference"), BackendConfig.defaults());
  private final List<String> hashes = new ArrayList<>();

  Numbered(long seed) {
    this.seed = seed;
    hashes.add(Stores.hash(reference));
  }

  /** Counted from 1. */
  Batch batch(long number) {
    SplittableRandom random = new SplittableRandom(seed ^ number * 0x9e3779b97f4a7c15L);
    Batch.Builder batch = Batch.builder().createBucket(META);
    for (Bucket bucket : DATA) {
      if (random.nextInt(25) == 0) {
        batch.deleteBucket(bucket);
      }
      batch.createBucket(bucket);
    }
    for (int i = random.nextInt(12); i >= 0; i--) {
      Bucket bucket = DATA[random.nextInt(DATA.length)];
      byte[] key = Stores.utf8("key" + random.nextInt(KEYS));
      if (random.nextInt(5) == 0) {
        batch.delete(bucket, key);
      } else {
        int bytes = random.nextInt(20) == 0 ? random.nextInt(9_000) : random.nextInt(200);
        batch.put(bucket, key, Stores.random(random, bytes));
      }
    }
    return batch.put(META, Stores.utf8("last"), Stores.utf8(Long.toString(number))).build();
  }

  /** The number of the last batch that a backend holds, 0 when it holds none. */
  static long last(Backend backend) {
    try (ReadView view = backend.openView()) {
      if (!view.buckets().contains(META)) {
        return 0;
      }
      byte[] number = view.get(META, Stores.utf8("last"));
      return Long.parseLong(new String(number, StandardCharsets.UTF_8));
    }
  }

  /** The hash of all content after the first so many batches. */
  synchronized String hash(long number) {
    while (hashes.size() <= number) {
      reference.commit(batch(hashes.size()));
      hashes.add(Stores.hash(reference));
    }
    return hashes.get((int) number);
  }
}
