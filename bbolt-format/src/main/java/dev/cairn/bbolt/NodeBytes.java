package dev.cairn.bbolt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The elements of the node that is being filled on one level. */
final class NodeBytes {
  private static final int ELEMENTS_FIRST = 64;

  private final boolean leaf;
  private final int elementFlags;
  private int[] keyBytes = new int[ELEMENTS_FIRST];
  private long[] valueBytesOrChild = new long[ELEMENTS_FIRST];
  private int count;
  private byte[] data = new byte[ImageRules.PAGE_SIZE_BYTES];
  private int dataBytes;
  private byte[] closedKey;

  NodeBytes(boolean leaf, int elementFlags) {
    this.leaf = leaf;
    this.elementFlags = elementFlags;
  }

  void addEntry(ByteBuffer key, ByteBuffer value) {
    add(key, value.remaining());
    append(value);
  }

  void addChild(byte[] key, long childPage) {
    add(ByteBuffer.wrap(key), childPage);
  }

  private void add(ByteBuffer key, long valueBytesOrPage) {
    if (count == keyBytes.length) {
      keyBytes = Arrays.copyOf(keyBytes, count * 2);
      valueBytesOrChild = Arrays.copyOf(valueBytesOrChild, count * 2);
    }
    keyBytes[count] = key.remaining();
    valueBytesOrChild[count] = valueBytesOrPage;
    count++;
    append(key);
  }

  private void append(ByteBuffer bytes) {
    int length = bytes.remaining();
    if (dataBytes + length > data.length) {
      data = Arrays.copyOf(data, Math.max(dataBytes + length, data.length * 2));
    }
    bytes.duplicate().get(data, dataBytes, length);
    dataBytes += length;
  }

  int sizeBytes() {
    return Layout.PAGE_HEADER_BYTES + count * Layout.ELEMENT_BYTES + dataBytes;
  }

  /** Writes header, table and data; the overflow is what the size needs. */
  void write(PageOut out, long page) {
    int flags = leaf ? Layout.FLAG_LEAF : Layout.FLAG_BRANCH;
    out.pageHeader(page, flags, count, ImageRules.pages(sizeBytes()) - 1);
    int behindTable = 0;
    for (int i = 0; i < count; i++) {
      int pos = (count - i) * Layout.ELEMENT_BYTES + behindTable;
      behindTable += keyBytes[i];
      if (leaf) {
        out.leafElement(elementFlags, pos, keyBytes[i], (int) valueBytesOrChild[i]);
        behindTable += (int) valueBytesOrChild[i];
      } else {
        out.branchElement(pos, keyBytes[i], valueBytesOrChild[i]);
      }
    }
    out.put(ByteBuffer.wrap(data, 0, dataBytes));
  }

  /** A bucket's header with this node, a leaf, inline behind it. */
  ByteBuffer inlineHeader() {
    ByteBuffer header =
        ByteBuffer.allocate(Layout.BUCKET_HEADER_BYTES + sizeBytes())
            .order(ByteOrder.LITTLE_ENDIAN);
    header.position(Layout.BUCKET_HEADER_BYTES);
    write(new PageOut(header), 0);
    return header.flip();
  }

  /** Forgets the elements and keeps the first key, for the parent. */
  void startNext() {
    if (count > 0) {
      closedKey = Arrays.copyOf(data, keyBytes[0]);
    }
    count = 0;
    dataBytes = 0;
  }

  /** The first key of the node that closed last. */
  byte[] closedKey() {
    return closedKey;
  }
}
