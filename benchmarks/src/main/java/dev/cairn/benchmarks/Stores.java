package dev.cairn.benchmarks;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Engines;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** What the benchmarks of engines have in common: keys of 16 bytes, and stores full of them. */
final class Stores {
  static final Bucket BUCKET = Bucket.named("benchmark");
  static final int KEY_BYTES = 16;

  private Stores() {}

  static Backend open(String engine, WorkFolder folder) {
    return Engines.named(engine).open(folder.resolve("store"), BackendConfig.defaults());
  }

  /** The numbers spread over the keys' order when they are mixed. */
  static byte[] key(long number) {
    return ByteBuffer.allocate(KEY_BYTES).putLong(number).putLong(number).array();
  }

  static long mixed(long number) {
    long z = number * 0x9E3779B97F4A7C15L;
    return z ^ z >>> 29;
  }

  static Batch batch(long from, int count, boolean random, int valueBytes) {
    Batch.Builder batch = Batch.builder().createBucket(BUCKET);
    for (long number = from; number < from + count; number++) {
      byte[] value = new byte[valueBytes];
      new SplittableRandom(number).nextBytes(value);
      batch.put(BUCKET, key(random ? mixed(number) : number), value);
    }
    return batch.build();
  }

  /** Fills a store with so many keys. */
  static void fill(Backend backend, int keys, int valueBytes) {
    for (int from = 0; from < keys; from += 5_000) {
      backend.commit(batch(from, Math.min(5_000, keys - from), true, valueBytes));
    }
  }
}
