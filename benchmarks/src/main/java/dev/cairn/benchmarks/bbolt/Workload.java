package dev.cairn.benchmarks.bbolt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What is done and how much of it; {@code main.go} says the same. Immutable.
 *
 * <pre>
 * key(n)            n as 8 bytes, big-endian, twice
 * value(n, round)   as many bytes as asked for: mix(mix(n) + round + i) for i = 0, 1 .., 8 bytes each, little-endian
 * pick(stream, i)   mix(stream * 2^40 + i) modulo the number of keys, unsigned
 * mix(x)            the output function of SplitMix64
 * </pre>
 *
 * @param keys how many are put first, in their order: 1,000 or more
 * @param valueBytes of each value
 */
record Workload(long keys, int valueBytes) {
  static final int KEY_BYTES = 16;

  /** How many keys a large batch holds. */
  static final int BATCH = 1_000;

  /** Streams of picks, one for each kind of work. */
  static final int PUT_BATCHES = 1;

  static final int PUT_SINGLES = 2;
  static final int DELETE_BATCHES = 3;
  static final int DELETE_SINGLES = 4;
  static final int GETS = 5;

  /** How often {@link #warmUp} is done. */
  static final int WARM_UPS = 3;

  private static final int SINGLES_MAX = 1_000;
  private static final long WARM_UP_KEYS_MAX = 100_000;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The same on fewer keys, done before on another file, so that code is compiled. */
  Workload warmUp() {
    return new Workload(Math.min(keys, WARM_UP_KEYS_MAX), valueBytes);
  }

  /** How many batches of picked keys: they come to a tenth of all keys. */
  int pickedBatches() {
    return (int) Math.max(1, keys / (10 * BATCH));
  }

  /** How many batches of one key. */
  int singles() {
    return (int) Math.min(SINGLES_MAX, keys / 10);
  }

  long pick(int stream, long index) {
    return Long.remainderUnsigned(mix(((long) stream << 40) + index), keys);
  }

  byte[] key(long number) {
    return ByteBuffer.allocate(KEY_BYTES).putLong(number).putLong(number).array();
  }

  byte[] value(long number, int round) {
    byte[] value = new byte[valueBytes];
    long seed = mix(number) + round;
    int at = 0;
    for (; at + Long.BYTES <= valueBytes; at += Long.BYTES) {
      LONGS.set(value, at, mix(seed++));
    }
    for (long rest = mix(seed); at < valueBytes; at++, rest >>>= Byte.SIZE) {
      value[at] = (byte) rest;
    }
    return value;
  }

  private static long mix(long x) {
    long z = (x ^ x >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
