package dev.cairn.benchmarks.engines;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Keys of 16 bytes, told by numbers, and values of random bytes. */
final class Data {
  private static final int KEY_BYTES = 16;
  private static final int FILL_BATCH = 5_000;
  private static final String RANDOM = "random";

  private Data() {}

  /** A key; the keys of rising numbers rise. */
  static byte[] key(long number) {
    return ByteBuffer.allocate(KEY_BYTES).putLong(number).putLong(number).array();
  }

  /** A number of its own for each number, anywhere in the order. */
  static long mixed(long number) {
    long z = number * 0x9E3779B97F4A7C15L;
    return z ^ z >>> 29;
  }

  /**
   * Keys that no other numbers give.
   *
   * @param order {@code sequential} or {@code random}
   */
  static byte[][] keys(long from, int count, String order) {
    byte[][] keys = new byte[count][];
    for (int i = 0; i < count; i++) {
      keys[i] = key(order.equals(RANDOM) ? mixed(from + i) : from + i);
    }
    return keys;
  }

  static byte[][] values(int count, int valueBytes) {
    SplittableRandom random = new SplittableRandom(valueBytes);
    byte[][] values = new byte[count][valueBytes];
    for (byte[] value : values) {
      random.nextBytes(value);
    }
    return values;
  }

  /** Fills a contender with so many keys, anywhere in the order. */
  static void fill(Contender contender, int keys, int valueBytes) {
    byte[][] values = values(Math.min(keys, FILL_BATCH), valueBytes);
    for (int from = 0; from < keys; from += FILL_BATCH) {
      contender.put(keys(from, Math.min(FILL_BATCH, keys - from), RANDOM), values);
    }
  }
}
