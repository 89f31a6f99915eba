package dev.cairn.testkit;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Keys that meet often and are hard to tell apart: nested prefixes, edges, shortest and longest.
 */
final class Keys {
  private static final int[] LENGTHS = {1, 1, 2, 3, 8, 16, 64, 254, 255, 256, 510, 511, 511};
  private static final byte[] FILLS = {0, 1, 'a', 'b', 0x7f, (byte) 0x80, (byte) 0xfe, -1};

  private final SplittableRandom random;

  Keys(SplittableRandom random) {
    this.random = random;
  }

  byte[] any() {
    if (random.nextInt(3) == 0) {
      return Data.key(random.nextInt(300));
    }
    byte[] key = new byte[LENGTHS[random.nextInt(LENGTHS.length)]];
    Arrays.fill(key, FILLS[random.nextInt(FILLS.length)]);
    if (random.nextBoolean()) {
      key[key.length - 1] = FILLS[random.nextInt(FILLS.length)];
    }
    return key;
  }
}
