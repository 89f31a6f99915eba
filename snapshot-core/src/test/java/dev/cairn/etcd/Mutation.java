package dev.cairn.etcd;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Changes files as damage and attackers do. */
public final class Mutation {
  private static final long[] EDGES = {
    0,
    1,
    7,
    8,
    0x7f,
    0x80,
    0xff,
    0x7fff_ffffL,
    0xffff_ffffL,
    Long.MAX_VALUE,
    -1,
    64_000_000,
    1 << 26
  };

  private Mutation() {}

  /** One to four changes. */
  public static byte[] of(SplittableRandom random, byte[] base) {
    byte[] bytes = base.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes = bytes.length == 0 ? new byte[] {(byte) random.nextInt()} : change(random, bytes);
    }
    return bytes;
  }

  private static byte[] change(SplittableRandom random, byte[] bytes) {
    int at = random.nextInt(bytes.length);
    int count = Math.min(bytes.length - at, 1 + random.nextInt(64));
    switch (random.nextInt(8)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt();
      case 2 -> Arrays.fill(bytes, at, at + count, (byte) 0);
      case 3 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 4 -> {
        return Arrays.copyOf(bytes, bytes.length + random.nextInt(600));
      }
      case 5 -> {
        return moved(bytes, at, random.nextInt(bytes.length), count);
      }
      case 6 -> putLong(bytes, at / 8 * 8, EDGES[random.nextInt(EDGES.length)]);
      default -> {
        byte[] cut = Arrays.copyOf(bytes, bytes.length - count);
        System.arraycopy(bytes, at + count, cut, at, bytes.length - at - count);
        return cut;
      }
    }
    return bytes;
  }

  private static byte[] moved(byte[] bytes, int from, int to, int count) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + count);
    System.arraycopy(bytes, to, longer, to + count, bytes.length - to);
    System.arraycopy(bytes, from, longer, to, count);
    return longer;
  }

  private static void putLong(byte[] bytes, int at, long value) {
    for (int i = 0; i < 8 && at + i < bytes.length; i++) {
      bytes[at + i] = (byte) (value >>> 8 * i);
    }
  }
}
