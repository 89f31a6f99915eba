package dev.cairn.benchmarks.engines;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What is left of a scan: it depends on the head of every key, the last byte and the length of
 * every value, and the order; so each entry is touched, and a wrong one shows.
 */
final class Sum {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Sum() {}

  /** Adds an entry; the buffers are big-endian, as they are when nobody has said otherwise. */
  static long add(long sum, ByteBuffer key, ByteBuffer value) {
    int last = value.limit() - 1;
    return add(sum, key.getLong(key.position()), value.get(last), value.remaining());
  }

  /** Adds an entry. */
  static long add(long sum, byte[] key, byte[] value) {
    return add(sum, (long) LONG.get(key, 0), value[value.length - 1], value.length);
  }

  private static long add(long sum, long keyHead, byte last, int valueBytes) {
    return 31 * sum + (keyHead ^ (last << 20) ^ valueBytes);
  }
}
