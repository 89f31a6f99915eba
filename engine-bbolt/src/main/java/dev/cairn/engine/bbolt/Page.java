package dev.cairn.engine.bbolt;

import dev.cairn.spi.StorageException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A branch or a leaf with its overflow, or an inline bucket's leaf. Immutable, checked as a whole
 * before anybody sees it, and so shared by all who read the page.
 *
 * <p>A page of up to {@link #WHOLE_BYTES_MAX} is held wholly. Of a longer one only the table of its
 * elements is, and keys and values are read from the file when they are asked for: such a page
 * holds a large value or two.
 */
final class Page {
  static final int WHOLE_BYTES_MAX = 64 << 10;

  /** What it costs beside its bytes. */
  static final int OBJECT_BYTES = 136;

  private static final int HEADS_KEYS_MIN = 8;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final PageStore store;
  private final long id;
  private final boolean leaf;
  private final int count;
  private final int pageCount;
  private final boolean whole;
  private final byte[] bytes;
  private final ByteBuffer shown;

  /** Set when it is used and taken away by the cache; a lost update does no harm. */
  private boolean touched;

  /** Whether it was searched before: what is searched once gets no heads. */
  private boolean searched;

  /** Made when they are asked for, be it twice. */
  private volatile long[] heads;

  /**
   * A page that was checked, or was written just now.
   *
   * @param id its number, 0 for an inline bucket's
   * @param pageCount how many pages it takes
   * @param bytes the page from its header on, up to the end of its last value at least; or only to
   *     the end of its table
   */
  Page(PageStore store, long id, int pageCount, byte[] bytes, boolean whole) {
    this.store = store;
    this.id = id;
    this.pageCount = pageCount;
    this.bytes = bytes;
    this.whole = whole;
    leaf = flags(bytes) == Layout.FLAG_LEAF;
    count = count(bytes);
    shown = whole ? ByteBuffer.wrap(bytes).asReadOnlyBuffer() : null;
  }

  static int flags(byte[] page) {
    return (int) INTS.get(page, Layout.FLAGS_AT) & 0xffff;
  }

  static int count(byte[] page) {
    return (int) INTS.get(page, Layout.FLAGS_AT) >>> 16;
  }

  static long overflow(byte[] page) {
    return (int) INTS.get(page, Layout.OVERFLOW_AT) & 0xffffffffL;
  }

  static long idOf(byte[] page) {
    return longAt(page, Layout.PAGE_ID_AT);
  }

  static long longAt(byte[] page, int at) {
    return (long) LONGS.get(page, at);
  }

  static void putInt(byte[] page, int at, int value) {
    INTS.set(page, at, value);
  }

  static void addInt(byte[] page, int at, int more) {
    INTS.set(page, at, (int) INTS.get(page, at) + more);
  }

  static void putLong(byte[] page, int at, long value) {
    LONGS.set(page, at, value);
  }

  static void putHeader(byte[] page, long id, int flags, int count, int overflow) {
    putLong(page, Layout.PAGE_ID_AT, id);
    putInt(page, Layout.FLAGS_AT, flags | count << 16);
    putInt(page, Layout.OVERFLOW_AT, overflow);
  }

  static int elementAt(int index) {
    return Layout.PAGE_HEADER_BYTES + index * Layout.ELEMENT_BYTES;
  }

  long id() {
    return id;
  }

  boolean isLeaf() {
    return leaf;
  }

  int count() {
    return count;
  }

  int pageCount() {
    return pageCount;
  }

  boolean isWhole() {
    return whole;
  }

  int heldBytes() {
    return bytes.length;
  }

  /** What it takes of memory, with what it may come to. */
  int memoryBytes() {
    return bytes.length + OBJECT_BYTES + KeyHeads.costBytes(count);
  }

  void touch() {
    if (!touched) {
      touched = true;
    }
  }

  /** Whether it was touched since it was last asked. */
  boolean untouch() {
    boolean was = touched;
    touched = false;
    return was;
  }

  /** The child at an index of a branch; it lies within the file. */
  long child(int index) {
    return (long) LONGS.get(bytes, elementAt(index) + Layout.BRANCH_CHILD_AT);
  }

  /** The flags of a leaf's element: 0, or {@link Layout#ELEMENT_BUCKET}. */
  int elementFlags(int index) {
    return (int) INTS.get(bytes, elementAt(index) + Layout.LEAF_FLAGS_AT);
  }

  int keyBytes(int index) {
    int at = leaf ? Layout.LEAF_KEY_BYTES_AT : Layout.BRANCH_KEY_BYTES_AT;
    return (int) INTS.get(bytes, elementAt(index) + at);
  }

  /** How long the value at an index of a leaf is; 0 in a branch. */
  long valueBytes(int index) {
    return leaf
        ? (int) INTS.get(bytes, elementAt(index) + Layout.LEAF_VALUE_BYTES_AT) & 0xffffffffL
        : 0;
  }

  /** How long key and value are together. */
  long entryBytes(int index) {
    return keyBytes(index) + valueBytes(index);
  }

  /** Where in the page the key starts, with the value behind it. */
  long startBytes(int index) {
    int element = elementAt(index);
    int at = leaf ? Layout.LEAF_POS_AT : Layout.BRANCH_POS_AT;
    return element + ((int) INTS.get(bytes, element + at) & 0xffffffffL);
  }

  /** How far behind its element the key starts, in a page that is held wholly. */
  int positionBytes(int index) {
    return (int) startBytes(index) - elementAt(index);
  }

  /** Whether an entry, not the first, stands right behind the one before it. */
  boolean follows(int index) {
    return startBytes(index) == startBytes(index - 1) + entryBytes(index - 1);
  }

  byte[] key(int index) {
    return bytes(startBytes(index), keyBytes(index));
  }

  byte[] value(int index) {
    return bytes(startBytes(index) + keyBytes(index), valueArrayBytes(index));
  }

  /** Read-only, from position 0. */
  ByteBuffer keyBuffer(int index) {
    return buffer(startBytes(index), keyBytes(index));
  }

  /** Read-only, from position 0. */
  ByteBuffer valueBuffer(int index) {
    return buffer(startBytes(index) + keyBytes(index), valueArrayBytes(index));
  }

  private ByteBuffer buffer(long start, int length) {
    return whole
        ? shown.slice((int) start, length)
        : ByteBuffer.wrap(far(start, length)).asReadOnlyBuffer();
  }

  private byte[] bytes(long start, int length) {
    int from = (int) start;
    return whole ? Arrays.copyOfRange(bytes, from, from + length) : far(start, length);
  }

  private byte[] far(long start, int length) {
    byte[] read = new byte[length];
    store.read(store.offsetBytes(id) + start, read, 0, length);
    return read;
  }

  private int valueArrayBytes(int index) {
    long length = valueBytes(index);
    if (length > Integer.MAX_VALUE - 8) {
      throw StorageException.of(
          StorageException.Code.UNSUPPORTED,
          store.path(),
          "a value of " + length + " bytes in page " + id + " is too long for memory");
    }
    return (int) length;
  }

  /** Copies all that is held. */
  void copyBytes(byte[] into, int at) {
    System.arraycopy(bytes, 0, into, at, bytes.length);
  }

  /** Copies key and value, which stand together, to a place in another page. */
  void copyEntry(int index, byte[] into, int at) {
    copy(startBytes(index), (int) entryBytes(index), into, at);
  }

  /** Copies a part of the table of elements. */
  void copyElements(int index, int elements, byte[] into, int at) {
    System.arraycopy(bytes, elementAt(index), into, at, elements * Layout.ELEMENT_BYTES);
  }

  /** Copies entries of a page held wholly that follow each other; returns how many bytes. */
  int copyEntries(int index, int entries, byte[] into, int at) {
    int start = (int) startBytes(index);
    int last = index + entries - 1;
    int length = (int) (startBytes(last) + entryBytes(last)) - start;
    System.arraycopy(bytes, start, into, at, length);
    return length;
  }

  /** Copies the key alone. */
  void copyKey(int index, byte[] into, int at) {
    copy(startBytes(index), keyBytes(index), into, at);
  }

  private void copy(long start, int length, byte[] into, int at) {
    if (whole) {
      System.arraycopy(bytes, (int) start, into, at, length);
    } else {
      store.read(store.offsetBytes(id) + start, into, at, length);
    }
  }

  int compareKey(int index, byte[] other) {
    if (!whole) {
      return Arrays.compareUnsigned(key(index), other);
    }
    int start = (int) startBytes(index);
    int end = start + keyBytes(index);
    return Arrays.compareUnsigned(bytes, start, end, other, 0, other.length);
  }

  /** Compares a key of this page with one of another page, or of this one. */
  int compareKey(int index, Page other, int otherIndex) {
    if (!whole || !other.whole) {
      return compareKey(index, other.key(otherIndex));
    }
    int start = (int) startBytes(index);
    int otherStart = (int) other.startBytes(otherIndex);
    return Arrays.compareUnsigned(
        bytes,
        start,
        start + keyBytes(index),
        other.bytes,
        otherStart,
        otherStart + other.keyBytes(otherIndex));
  }

  /** The first index from one on whose key is not less than a key; the count when there is none. */
  int firstNotLess(byte[] key, int from) {
    return search(key, from, false);
  }

  private int search(byte[] key, int from, boolean above) {
    long[] known = heads();
    if (known != null) {
      return KeyHeads.search(this, known, key, from, above);
    }
    int low = from;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int compared = compareKey(middle, key);
      if (compared < 0 || compared == 0 && above) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Null where they are not worth their bytes, or not yet. */
  private long[] heads() {
    long[] known = heads;
    if (known != null || !whole || count < HEADS_KEYS_MIN) {
      return known;
    }
    if (!searched) {
      searched = true;
      return null;
    }
    known = KeyHeads.of(this);
    heads = known;
    return known;
  }

  /** How many bytes the first and the last key have in common, and so all between them. */
  int commonKeyBytes() {
    int first = (int) startBytes(0);
    int last = (int) startBytes(count - 1);
    int different =
        Arrays.mismatch(bytes, first, first + keyBytes(0), bytes, last, last + keyBytes(count - 1));
    return different < 0 ? keyBytes(0) : different;
  }

  /** The 8 bytes of a key behind those that are left out. */
  long keyHead(int index, int skipped) {
    int start = (int) startBytes(index);
    return KeyHeads.head(bytes, start + skipped, start + keyBytes(index));
  }

  /** Compares the first bytes of a key with as many of another one. */
  int compareKeyStart(int index, int length, byte[] other) {
    int start = (int) startBytes(index);
    return Arrays.compareUnsigned(
        bytes, start, start + length, other, 0, Math.min(length, other.length));
  }

  boolean isAt(int index, byte[] key) {
    return index < count && compareKey(index, key) == 0;
  }

  /** The child that a key is in: the last whose key is not greater, else the first. */
  int childIndex(byte[] key) {
    return search(key, 1, true) - 1;
  }
}
