package dev.cairn.benchmarks.engines;

import java.util.SplittableRandom;

/** Keys of a filled contender in an order of chance, made before anything is measured. */
final class Asked {
  private static final int COUNT = 1 << 16;

  private final byte[][] keys = new byte[COUNT][];
  private int next;

  /** Of the keys that {@link Data#fill} puts. */
  Asked(int filled) {
    SplittableRandom random = new SplittableRandom(filled);
    for (int i = 0; i < COUNT; i++) {
      keys[i] = Data.key(Data.mixed(random.nextInt(filled)));
    }
  }

  byte[] next() {
    return keys[next++ & (COUNT - 1)];
  }

  /** The next keys; no two need differ. */
  byte[][] next(int count) {
    byte[][] some = new byte[count][];
    for (int i = 0; i < count; i++) {
      some[i] = next();
    }
    return some;
  }
}
