package dev.cairn.bbolt;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A branch or a leaf with its overflow, or an inline bucket's leaf. The table of its elements is in
 * memory; keys and values are too when the page is short, and are read from the file otherwise. One
 * thread at a time, as the view that it was read for.
 *
 * <p>An element is checked before it is used: it must lie within the page and behind the element
 * before it. So no byte belongs to two elements of a page that was read in order, and what a
 * damaged file makes its reader do stays within the file's length.
 */
final class Page {
  private static final int ARRAY_BYTES_MAX = Integer.MAX_VALUE - 8;

  private final Pages pages;
  private final long offsetBytes;
  private final long sizeBytes;
  private final PageHeader header;
  private final ByteBuffer held;
  private final ByteBuffer shown;
  private final byte[] array;

  /** So many elements from the first on were found sound, and are not checked again. */
  private int soundCount;

  Page(Pages pages, long offsetBytes, long sizeBytes, PageHeader header, ByteBuffer held) {
    this.pages = pages;
    this.offsetBytes = offsetBytes;
    this.sizeBytes = sizeBytes;
    this.header = header;
    this.held = held.clear();
    this.shown = held.asReadOnlyBuffer();
    this.array = held.array();
  }

  long id() {
    return header.id();
  }

  boolean isLeaf() {
    return header.isLeaf();
  }

  int count() {
    return header.count();
  }

  long overflow() {
    return header.overflow();
  }

  long offsetBytes() {
    return offsetBytes;
  }

  int heldBytes() {
    return array.length;
  }

  /** The child at an index of a branch. */
  long child(int index) {
    return pages.checkedId(
        held.getLong(elementAt(index) + Layout.BRANCH_CHILD_AT), elementOffset(index));
  }

  boolean isBucket(int index) {
    int flags = held.getInt(elementAt(index) + Layout.LEAF_FLAGS_AT);
    if ((flags & ~Layout.ELEMENT_BUCKET) != 0) {
      throw pages.corrupt(elementOffset(index), "an element has unknown flags " + flags);
    }
    return flags != 0;
  }

  /** Where in the page the bytes of an element start. */
  long startBytes(int index) {
    return keyStart(index);
  }

  /** Where in the page the bytes of an element end. */
  long endBytes(int index) {
    return rawEnd(index);
  }

  byte[] key(int index) {
    long start = keyStart(index);
    int length = (int) keyBytes(index);
    if (start + length <= array.length) {
      return Arrays.copyOfRange(array, (int) start, (int) start + length);
    }
    return pages.bytes(offsetBytes + start, length).array();
  }

  /** Read-only. */
  ByteBuffer keyBuffer(int index) {
    return buffer(keyStart(index), (int) keyBytes(index));
  }

  /** Compares the key at an index with another one, as unsigned bytes. */
  int compareKey(int index, byte[] other) {
    long start = keyStart(index);
    int length = (int) keyBytes(index);
    if (start + length <= array.length) {
      int from = (int) start;
      return Arrays.compareUnsigned(array, from, from + length, other, 0, other.length);
    }
    return Arrays.compareUnsigned(key(index), other);
  }

  /** Compares the key at an index with one of another page, or of this one. */
  int compareKey(int index, Page other, int otherIndex) {
    long otherStart = other.keyStart(otherIndex);
    long otherEnd = otherStart + other.keyBytes(otherIndex);
    long start = keyStart(index);
    long end = start + keyBytes(index);
    if (end > array.length || otherEnd > other.array.length) {
      return Arrays.compareUnsigned(key(index), other.key(otherIndex));
    }
    return Arrays.compareUnsigned(
        array, (int) start, (int) end, other.array, (int) otherStart, (int) otherEnd);
  }

  /** How long the value at an index of a leaf is; this reads nothing. */
  long valueBytes(int index) {
    return rawValueBytes(index);
  }

  /** Where in the file the value at an index of a leaf stands. */
  long valueOffset(int index) {
    return offsetBytes + valueStart(index);
  }

  /** Read-only. */
  ByteBuffer valueBuffer(int index) {
    return buffer(valueStart(index), arrayBytes(index));
  }

  byte[] value(int index) {
    long start = valueStart(index);
    int length = arrayBytes(index);
    if (start + length <= array.length) {
      return Arrays.copyOfRange(array, (int) start, (int) start + length);
    }
    return pages.bytes(offsetBytes + start, length).array();
  }

  /** The bucket whose header the value at an index of a leaf is. */
  BucketHeader bucket(int index) {
    return BucketHeader.read(pages, valueOffset(index), valueBytes(index), valueHead(index));
  }

  private ByteBuffer valueHead(int index) {
    int length = (int) Math.min(valueBytes(index), Layout.BUCKET_HEADER_BYTES);
    return buffer(valueStart(index), length);
  }

  private ByteBuffer buffer(long start, int length) {
    if (start + length <= array.length) {
      return shown.slice((int) start, length);
    }
    return pages.bytes(offsetBytes + start, length).asReadOnlyBuffer();
  }

  private int arrayBytes(int index) {
    long length = valueBytes(index);
    if (length > ARRAY_BYTES_MAX) {
      throw StorageException.of(
          Code.UNSUPPORTED,
          pages.path(),
          "a value of %d bytes at byte %d is more than %d"
              .formatted(length, valueOffset(index), ARRAY_BYTES_MAX));
    }
    return (int) length;
  }

  private long valueStart(int index) {
    return keyStart(index) + keyBytes(index);
  }

  private long keyStart(int index) {
    long start = rawStart(index);
    if (index >= soundCount) {
      checkPlace(index, start);
    }
    return start;
  }

  private void checkPlace(int index, long start) {
    long keyBytes = keyBytes(index);
    long least = index == 0 ? elementAt(count()) : rawEnd(index - 1);
    if (start < least || start + keyBytes + rawValueBytes(index) > sizeBytes) {
      throw pages.corrupt(
          elementOffset(index),
          "element " + index + " lies outside its page or over another element");
    }
    if (keyBytes == 0 || keyBytes > Layout.KEY_BYTES_MAX) {
      throw pages.corrupt(
          elementOffset(index), "element " + index + " has a key of " + keyBytes + " bytes");
    }
    if (index == soundCount) {
      soundCount++;
    }
  }

  private long rawEnd(int index) {
    return rawStart(index) + keyBytes(index) + rawValueBytes(index);
  }

  private long rawStart(int index) {
    int element = elementAt(index);
    int at = isLeaf() ? Layout.LEAF_POS_AT : Layout.BRANCH_POS_AT;
    return element + unsigned(element + at);
  }

  private long keyBytes(int index) {
    int at = isLeaf() ? Layout.LEAF_KEY_BYTES_AT : Layout.BRANCH_KEY_BYTES_AT;
    return unsigned(elementAt(index) + at);
  }

  private long rawValueBytes(int index) {
    return isLeaf() ? unsigned(elementAt(index) + Layout.LEAF_VALUE_BYTES_AT) : 0;
  }

  private long unsigned(int at) {
    return held.getInt(at) & 0xffffffffL;
  }

  private static int elementAt(int index) {
    return Layout.PAGE_HEADER_BYTES + index * Layout.ELEMENT_BYTES;
  }

  private long elementOffset(int index) {
    return offsetBytes + elementAt(index);
  }
}
