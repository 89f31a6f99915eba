package dev.cairn.bbolt;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Limits;
import java.util.NavigableMap;
import java.util.SplittableRandom;

/** Contents by seed, of many shapes. */
final class RandomContents {
  private final SplittableRandom random;
  private final int longestKeyBytes;

  private RandomContents(long seed, int longestKeyBytes) {
    random = new SplittableRandom(seed);
    this.longestKeyBytes = longestKeyBytes;
  }

  /** What bbolt holds. */
  RandomContents(long seed) {
    this(seed, Layout.KEY_BYTES_MAX);
  }

  /** What every engine holds. */
  static RandomContents portable(long seed) {
    return new RandomContents(seed, Limits.PORTABLE.keyBytesMax());
  }

  /** Some buckets; now and then keys or values that need pages of their own. */
  MemoryContent next() {
    MemoryContent content = new MemoryContent();
    int buckets = random.nextInt(random.nextInt(10) == 0 ? 120 : 6);
    for (int i = 0; i < buckets; i++) {
      fill(content.bucket(Bucket.of(bytes(1 + random.nextInt(random.nextInt(1, 256))))));
    }
    return content;
  }

  private void fill(NavigableMap<byte[], byte[]> bucket) {
    int entries = random.nextInt(1 + random.nextInt(600));
    int keyBytesMax = oneOf(2, 8, 40, 511);
    int valueBytesMax = oneOf(1, 30, 400, 5000);
    boolean huge = random.nextInt(20) == 0;
    for (int i = 0; i < entries; i++) {
      int keyBytes = huge && random.nextInt(10) == 0 ? longestKeyBytes : keyBytesMax;
      bucket.put(bytes(1 + random.nextInt(keyBytes)), bytes(random.nextInt(valueBytesMax)));
    }
    if (random.nextInt(15) == 0) {
      bucket.put(bytes(3), bytes(200_000));
    }
  }

  private int oneOf(int... choices) {
    return choices[random.nextInt(choices.length)];
  }

  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
