package dev.cairn.engine.mapdb;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How a value stands in a tree: a short one in its node, a longer one in a record of its own, as a
 * node is written anew with every change of one of its up to 32 entries.
 *
 * <pre>
 * stored = u8 0, value | u8 1, u64 number of the value's record
 * </pre>
 */
final class Values {
  /** Longest value that stands in a node. */
  static final int INLINE_BYTES_MAX = 256;

  private static final byte INLINE = 0;
  private static final byte OWN_RECORD = 1;

  private Values() {}

  static byte[] inline(byte[] value) {
    byte[] stored = new byte[1 + value.length];
    stored[0] = INLINE;
    System.arraycopy(value, 0, stored, 1, value.length);
    return stored;
  }

  static byte[] inRecord(long record) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(OWN_RECORD).putLong(record).array();
  }

  /** Whether the stored bytes are a value that stands there, behind its first byte. */
  static boolean isInline(byte[] bytes, int at, int count) {
    return count > 0 && bytes[at] == INLINE;
  }

  /** The record of a value that has one, else 0. */
  static long ownRecord(byte[] stored) {
    return stored != null && stored.length == 1 + Long.BYTES && stored[0] == OWN_RECORD
        ? ByteBuffer.wrap(stored).getLong(1)
        : 0;
  }

  static byte[] read(byte[] stored, Records records) {
    if (isInline(stored, 0, stored.length)) {
      return Arrays.copyOfRange(stored, 1, stored.length);
    }
    long record = ownRecord(stored);
    if (record == 0) {
      throw records.pages().corrupt(0, "a value is of no known kind");
    }
    return records.read(record);
  }
}
