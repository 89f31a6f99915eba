package dev.cairn.engine.lmdb;

import dev.cairn.spi.StorageException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Shows one branch or leaf page, which lies in an array of its own or in the map, and one entry of
 * it at a time. Every offset is checked before it is followed, so damage ends in {@code corrupt}
 * and never outside the page.
 *
 * <pre>
 * page: 0 u64 page number   8 u16 pad   10 u16 flags   12 u16 lower   14 u16 upper   16 u16 nodes[]
 * node: 0 u16 lo   2 u16 hi   4 u16 flags   6 u16 key size   8 key, data
 *       leaf: lo, hi are the size of the data; branch: lo, hi, flags are the child's page number
 * </pre>
 */
final class Page {
  static final int BRANCH = 0x01;
  static final int LEAF = 0x02;
  static final int OVERFLOW = 0x04;
  static final int META = 0x08;

  static final int BIG_DATA = 0x01;
  static final int SUB_TREE = 0x02;

  static final int FLAGS_AT = 10;
  static final int LOWER_AT = 12;
  static final int UPPER_AT = 14;
  static final int OVERFLOW_COUNT_AT = 12;
  static final int HEADER_BYTES = 16;
  static final int NODE_BYTES = 8;
  static final int KEY_BYTES_AT = 6;
  static final int KEY_BYTES_MAX = 511;

  private static final VarHandle BIG_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final Path path;
  private final int sizeBytes;
  private byte[] own;
  private ByteBuffer ownBuffer;
  private ByteBuffer shown;

  private ByteBuffer buffer;
  private int base;
  private long number;
  private boolean held;
  private boolean leaf;
  private int upper;
  private int count;

  private int selected;
  private int keyAt;
  private int keyBytes;
  private int flags;
  private int dataBytes;

  Page(Path path, int sizeBytes) {
    this.path = path;
    this.sizeBytes = sizeBytes;
  }

  /** An array to be filled with a page and then to be shown by {@link #showOwn}. */
  byte[] own() {
    held = false;
    if (own == null) {
      own = new byte[sizeBytes];
      ownBuffer = ByteBuffer.wrap(own).order(ByteOrder.LITTLE_ENDIAN);
      shown = ByteBuffer.wrap(own).asReadOnlyBuffer();
    }
    return own;
  }

  /** Whether the array holds this page already. */
  boolean holds(long page) {
    return held && number == page;
  }

  /** Shows what the array was filled with. */
  void showOwn(long expected, boolean wantLeaf) {
    show(ownBuffer, 0, expected, wantLeaf);
    held = true;
  }

  /** Shows a page where it lies; for as long as the caller keeps it there. */
  void show(ByteBuffer where, int at, long expected, boolean wantLeaf) {
    held = false;
    buffer = where;
    base = at;
    number = expected;
    leaf = wantLeaf;
    if (u64(0) != expected || u16(FLAGS_AT) != (wantLeaf ? LEAF : BRANCH)) {
      String what = "page %d is not the %s page it should be";
      throw corrupt(0, what.formatted(expected, wantLeaf ? "leaf" : "branch"));
    }
    int lower = u16(LOWER_AT);
    upper = u16(UPPER_AT);
    if (lower > upper || upper > sizeBytes || (lower & 1) != 0) {
      throw corrupt(LOWER_AT, "page " + expected + " has impossible bounds");
    }
    count = (lower - HEADER_BYTES) / 2;
    if (count < 1) {
      throw corrupt(LOWER_AT, "page " + expected + " is empty");
    }
  }

  int count() {
    return count;
  }

  boolean isLeaf() {
    return leaf;
  }

  long number() {
    return number;
  }

  /** Makes an entry the one that the other methods speak of. */
  void select(int index) {
    int node = u16(HEADER_BYTES + 2 * index);
    selected = index;
    if (node < upper || node > sizeBytes - NODE_BYTES) {
      throw badEntry();
    }
    long head = u64(node);
    dataBytes = (int) head;
    flags = (int) (head >>> 32) & 0xffff;
    keyBytes = (int) (head >>> 48);
    keyAt = node + NODE_BYTES;
    if (keyBytes > sizeBytes - keyAt) {
      throw badEntry();
    }
  }

  int selected() {
    return selected;
  }

  byte[] key() {
    return copy(keyAt, keyBytes);
  }

  /** The key for others to read; of a page in its own array. */
  ByteBuffer shownKey() {
    return shown.slice(keyAt, keyBytes);
  }

  /** How the key stands to another one; {@code byNumber} in the free tree. */
  int compare(byte[] key, boolean byNumber) {
    if (byNumber) {
      long other = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).getLong();
      return Long.compareUnsigned(keyNumber(), other);
    }
    int common = Math.min(keyBytes, key.length);
    int i = 0;
    for (; i + Long.BYTES <= common; i += Long.BYTES) {
      long mine = Long.reverseBytes(u64(keyAt + i));
      long other = (long) BIG_ENDIAN_LONG.get(key, i);
      if (mine != other) {
        return Long.compareUnsigned(mine, other);
      }
    }
    for (; i < common; i++) {
      int order = Byte.compareUnsigned(buffer.get(base + keyAt + i), key[i]);
      if (order != 0) {
        return order;
      }
    }
    return keyBytes - key.length;
  }

  /** The first bytes of a key as a number that orders as they do; 0 for a shorter key. */
  static long prefix(byte[] key) {
    return key.length < Long.BYTES ? 0 : (long) BIG_ENDIAN_LONG.get(key, 0);
  }

  /**
   * How the key of an entry stands to another one, by their first bytes where these tell, as mostly
   * they do: then the entry is not selected.
   *
   * @param prefix that of the other key
   */
  int order(int index, byte[] key, long prefix) {
    int node = u16(HEADER_BYTES + 2 * index);
    boolean both = key.length >= Long.BYTES && node <= sizeBytes - NODE_BYTES - Long.BYTES;
    if (both && u16(node + KEY_BYTES_AT) >= Long.BYTES) {
      long mine = Long.reverseBytes(u64(node + NODE_BYTES));
      if (mine != prefix) {
        return Long.compareUnsigned(mine, prefix);
      }
    }
    select(index);
    return compare(key, false);
  }

  /** Selects the next entry; false when its key is not greater. Of a page in its own array. */
  boolean selectNext(boolean byNumber) {
    if (byNumber) {
      long before = keyNumber();
      select(selected + 1);
      return Long.compareUnsigned(before, keyNumber()) < 0;
    }
    int before = keyAt;
    int beforeEnd = keyAt + keyBytes;
    select(selected + 1);
    return Arrays.compareUnsigned(own, before, beforeEnd, own, keyAt, keyAt + keyBytes) < 0;
  }

  /** The key in the free tree: a transaction. */
  private long keyNumber() {
    if (keyBytes != Long.BYTES) {
      throw badEntry();
    }
    return u64(keyAt);
  }

  /** The child that a branch's entry leads to. */
  long child() {
    return Integer.toUnsignedLong(dataBytes) | (long) flags << 32;
  }

  /** How long the value of a leaf's entry is, in this page or on overflow pages. */
  int valueBytes() {
    if (dataBytes < 0) {
      throw badEntry();
    }
    return dataBytes;
  }

  /** Where the value of a leaf's entry is in the page, or the number of its overflow page. */
  int valueAt(int bytesThere) {
    int at = keyAt + keyBytes;
    if (bytesThere > sizeBytes - at) {
      throw badEntry();
    }
    return at;
  }

  /** The value, not a big one; a fresh array. */
  byte[] value() {
    return copy(valueAt(valueBytes()), dataBytes);
  }

  /** The value for others to read, not a big one; of a page in its own array. */
  ByteBuffer shownValue() {
    return shown.slice(valueAt(valueBytes()), dataBytes);
  }

  /** The number that a value in this page starts with. */
  long valueNumber() {
    return u64(valueAt(Long.BYTES));
  }

  boolean isBig() {
    return (flags & BIG_DATA) != 0;
  }

  boolean isSubTree() {
    return (flags & SUB_TREE) != 0;
  }

  /** The first of the overflow pages that hold a big value. */
  long overflowPage() {
    return valueNumber();
  }

  TreeHead subTree() {
    return TreeHead.read(buffer, base + valueAt(TreeHead.SIZE_BYTES));
  }

  /**
   * Checks every entry, also those that a look at the page would pass by, and that they fill the
   * page from its upper bound to its end, none over another: LMDB moves them about by that rule
   * when it changes the page.
   */
  void checkEntries() {
    long[] spans = new long[count];
    for (int i = 0; i < count; i++) {
      select(i);
      boolean keyGood = keyBytes > 0 ? keyBytes <= KEY_BYTES_MAX : !leaf && i == 0;
      if (!keyGood || (leaf && !leafEntryGood())) {
        throw badEntry();
      }
      spans[i] = (long) (keyAt - NODE_BYTES) << 32 | nodeBytes();
    }
    Arrays.sort(spans);
    long end = upper;
    for (long span : spans) {
      if (span >>> 32 != end) {
        throw corrupt(UPPER_AT, "page " + number + " has entries that overlap or leave gaps");
      }
      end += (int) span;
    }
    if (end != sizeBytes) {
      throw corrupt(UPPER_AT, "page " + number + " has entries that leave gaps");
    }
  }

  private boolean leafEntryGood() {
    int room = sizeBytes - keyAt - keyBytes;
    int inPage = flags == BIG_DATA ? Long.BYTES : dataBytes;
    boolean known = flags == 0 || flags == BIG_DATA || flags == SUB_TREE;
    return known
        && dataBytes >= 0
        && inPage <= room
        && (flags != SUB_TREE || dataBytes == TreeHead.SIZE_BYTES);
  }

  /** How much of the page the entry takes. */
  private int nodeBytes() {
    int inPage = !leaf ? 0 : isBig() ? Long.BYTES : dataBytes;
    int bytes = NODE_BYTES + keyBytes + inPage;
    return bytes + (bytes & 1);
  }

  void setChild(long child) {
    int node = keyAt - NODE_BYTES;
    ownBuffer.putInt(node, (int) child).putShort(node + 4, (short) (child >>> 32));
  }

  void setOverflowPage(long first) {
    ownBuffer.putLong(valueAt(Long.BYTES), first);
  }

  void setRoot(long root) {
    ownBuffer.putLong(valueAt(TreeHead.SIZE_BYTES) + TreeHead.ROOT_AT, root);
  }

  /** Gives the page in the array another number and zeroes what no entry uses. */
  void renumber(long newNumber) {
    held = false;
    ownBuffer.putLong(0, newNumber);
    Arrays.fill(own, u16(LOWER_AT), upper, (byte) 0);
  }

  private byte[] copy(int at, int bytes) {
    byte[] copy = new byte[bytes];
    buffer.get(base + at, copy);
    return copy;
  }

  private int u16(int at) {
    return Short.toUnsignedInt(buffer.getShort(base + at));
  }

  private long u64(int at) {
    return buffer.getLong(base + at);
  }

  private StorageException badEntry() {
    String what = "page " + number + " has a bad entry " + selected;
    return corrupt(HEADER_BYTES + 2 * selected, what);
  }

  private StorageException corrupt(int at, String what) {
    return StorageException.corrupt(path, number * sizeBytes + at, what);
  }
}
