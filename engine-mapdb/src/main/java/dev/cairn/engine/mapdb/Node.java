package dev.cairn.engine.mapdb;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A node of a MapDB {@code BTreeMap} with the serializers {@code BYTE_ARRAY_DELTA2} and {@code
 * BYTE_ARRAY}, read from its record.
 *
 * <pre>
 * node   = packed (keys * 16 + flags) * 2 + parity, right neighbour unless at the right edge, keys,
 *          then children, or the count of values and each with its length in front
 * keys   = length of each, length of the prefix they share, the prefix, the rest of each
 * </pre>
 *
 * The keys are bounds: unless at the left edge the first is the last one of the node before, and
 * unless at the right edge the last is the highest that belongs here, which may be an entry too.
 */
final class Node {
  private static final int DIRECTORY = 8;
  private static final int LEFT = 4;
  private static final int RIGHT = 2;
  private static final int LAST_TWICE = 1;

  private final Pages pages;
  private final byte[] bytes;
  private final int flags;
  private final long right;
  private int[] ends;
  private int prefixAt;
  private int prefixBytes;
  private long[] children;
  private int[] values;

  Node(Pages pages, byte[] bytes) {
    this.pages = pages;
    this.bytes = bytes;
    PackedInput in = new PackedInput(pages, bytes);
    long head = in.number();
    if (Long.bitCount(head) % 2 != 1 || head >>> 5 > bytes.length) {
      throw in.damaged();
    }
    flags = (int) (head >>> 1) & 15;
    right = isRightEdge() ? 0 : in.number();
    readKeys(in, (int) (head >>> 5));
    if (isDirectory()) {
      readChildren(in);
    } else {
      readValues(in);
    }
  }

  private void readKeys(PackedInput in, int count) {
    ends = new int[count];
    if (count == 0) {
      return;
    }
    int[] lengths = new int[count];
    for (int i = 0; i < count; i++) {
      // Shared bytes are stored once, so that many keys may be longer together than the record.
      lengths[i] = in.length();
    }
    prefixBytes = in.length();
    prefixAt = in.skip(prefixBytes);
    for (int i = 0; i < count; i++) {
      ends[i] = in.skip(lengths[i] - prefixBytes) + lengths[i] - prefixBytes;
    }
  }

  private void readChildren(PackedInput in) {
    int count = ends.length - 1 + flag(LEFT) + flag(RIGHT);
    if (count < 1) {
      throw in.damaged();
    }
    children = new long[count];
    for (int i = 0; i < count; i++) {
      children[i] = in.number();
    }
  }

  private void readValues(PackedInput in) {
    int count = in.length();
    if (count != ends.length - 2 + flag(LEFT) + flag(RIGHT) + flag(LAST_TWICE)) {
      throw in.damaged();
    }
    values = new int[2 * count];
    for (int i = 0; i < count; i++) {
      int length = in.length();
      values[2 * i] = in.skip(length);
      values[2 * i + 1] = length;
    }
  }

  private int flag(int flag) {
    return (flags & flag) == 0 ? 0 : 1;
  }

  boolean isDirectory() {
    return (flags & DIRECTORY) != 0;
  }

  boolean isRightEdge() {
    return (flags & RIGHT) != 0;
  }

  /** The record of the node to the right; 0 at the right edge. */
  long right() {
    return right;
  }

  /** The highest key that belongs here; not at the right edge. */
  byte[] highKey() {
    if (ends.length == 0) {
      throw new PackedInput(pages, bytes).damaged();
    }
    return keyAt(ends.length - 1);
  }

  /** How many entries a leaf has. */
  int size() {
    return values.length / 2;
  }

  /** The key of an entry; a fresh array. */
  byte[] key(int entry) {
    return keyAt(keyIndex(entry));
  }

  /** The last entry of a node that is no right edge may share its key with the bound. */
  private int keyIndex(int entry) {
    return Math.min(ends.length - 1, entry + 1 - flag(LEFT));
  }

  private byte[] keyAt(int index) {
    int start = suffixAt(index);
    byte[] key = Arrays.copyOfRange(bytes, prefixAt, prefixAt + prefixBytes + ends[index] - start);
    System.arraycopy(bytes, start, key, prefixBytes, ends[index] - start);
    return key;
  }

  private int suffixAt(int index) {
    return index == 0 ? prefixAt + prefixBytes : ends[index - 1];
  }

  private int compare(int index, byte[] key) {
    int shared = Math.min(prefixBytes, key.length);
    int order = Arrays.compareUnsigned(bytes, prefixAt, prefixAt + prefixBytes, key, 0, shared);
    return order != 0
        ? order
        : Arrays.compareUnsigned(bytes, suffixAt(index), ends[index], key, shared, key.length);
  }

  /** The first of all keys that is not less than the given one; their count when there is none. */
  private int search(byte[] key) {
    int low = 0;
    int high = ends.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(middle, key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Whether a key is over all that belong here, so that it is to be looked for on the right. */
  boolean isBelow(byte[] key) {
    return !isRightEdge() && (ends.length == 0 || compare(ends.length - 1, key) < 0);
  }

  /** The child of a directory that a key belongs to, when it belongs here. */
  long childFor(byte[] key) {
    int at = Math.max(0, search(key) - 1 + flag(LEFT));
    return children[Math.min(at, children.length - 1)];
  }

  long[] children() {
    return children;
  }

  /** The first entry of a leaf whose key is not less than the given one; its size if none. */
  int entryFrom(byte[] key) {
    return Math.min(size(), Math.max(0, search(key) - 1 + flag(LEFT)));
  }

  /** Whether an entry has a key. */
  boolean isAt(int entry, byte[] key) {
    return entry < size() && compare(keyIndex(entry), key) == 0;
  }

  /** The stored value of an entry; a fresh array. */
  byte[] value(int entry) {
    int start = values[2 * entry];
    return Arrays.copyOfRange(bytes, start, start + values[2 * entry + 1]);
  }

  /** The value of an entry where it stands in this node, read-only; null where it has a record. */
  ByteBuffer shownValue(int entry) {
    int start = values[2 * entry];
    int count = values[2 * entry + 1];
    return Values.isInline(bytes, start, count)
        ? ByteBuffer.wrap(bytes, start + 1, count - 1).slice().asReadOnlyBuffer()
        : null;
  }
}
