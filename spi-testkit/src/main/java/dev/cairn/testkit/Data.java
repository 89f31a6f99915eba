package dev.cairn.testkit;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/** Keys, values and batches that the suites are made of. */
final class Data {
  static final Bucket USERS = Bucket.named("users");
  static final Bucket OTHER = Bucket.named("other");

  private Data() {}

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Ten digits, so that the order of the numbers is the order of the keys. */
  static byte[] key(long number) {
    return utf8(String.format(Locale.ROOT, "%010d", number));
  }

  static byte[] filled(int count, int value) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  /** Bytes that no compression or page reuse can mistake for others. */
  static byte[] random(int count, long seed) {
    byte[] bytes = new byte[count];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  /** One bucket, made where absent, with keys 0 to count - 1 and random values. */
  static Batch fill(Bucket bucket, int count, int valueBytes, long seed) {
    Batch.Builder batch = Batch.builder().createBucket(bucket);
    for (int i = 0; i < count; i++) {
      batch.put(bucket, key(i), random(valueBytes, seed + i));
    }
    return batch.build();
  }

  static Batch put(Bucket bucket, String key, String value) {
    return Batch.builder().createBucket(bucket).put(bucket, utf8(key), utf8(value)).build();
  }
}
