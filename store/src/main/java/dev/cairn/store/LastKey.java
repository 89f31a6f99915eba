package dev.cairn.store;

import dev.cairn.spi.Cursor;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Finds the last key of a cursor that only seeks forward, where it cannot be told from the ends of
 * what is merged: the greatest one beneath is deleted above.
 */
final class LastKey {
  private LastKey() {}

  /** The greater of two keys; null is less than any. */
  static byte[] greater(byte[] one, byte[] other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return Arrays.compareUnsigned(one, other) >= 0 ? one : other;
  }

  /**
   * The last key, or null when there is none, in at most ten seeks for each of its bytes: it grows
   * a prefix of the key sought, byte by byte, by asking whether anything lies at or behind it.
   */
  static byte[] find(Cursor cursor) {
    byte[] seen = seek(cursor, new byte[0]);
    byte[] prefix = new byte[0];
    while (seen != null) {
      byte[] later = seek(cursor, Arrays.copyOf(seen, seen.length + 1));
      if (later == null) {
        return seen;
      }
      seen = later;
      int low = 0;
      int high = 0xff;
      while (low < high) {
        int middle = (low + high + 1) >>> 1;
        byte[] found = seek(cursor, append(prefix, middle));
        if (found == null) {
          high = middle - 1;
        } else {
          low = middle;
          seen = greater(seen, found);
        }
      }
      prefix = append(prefix, low);
      seen = greater(seen, seek(cursor, prefix));
    }
    return null;
  }

  /** The first key that is not less than one, as a copy, or null. */
  private static byte[] seek(Cursor cursor, byte[] from) {
    if (!cursor.seek(from)) {
      return null;
    }
    ByteBuffer key = cursor.key();
    byte[] copy = new byte[key.remaining()];
    key.get(copy);
    return copy;
  }

  private static byte[] append(byte[] prefix, int value) {
    byte[] longer = Arrays.copyOf(prefix, prefix.length + 1);
    longer[prefix.length] = (byte) value;
    return longer;
  }
}
