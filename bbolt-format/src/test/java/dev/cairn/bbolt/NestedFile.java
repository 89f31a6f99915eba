package dev.cairn.bbolt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Files drawn by hand, page by page: nested buckets, circles, shapes that no writer makes. */
final class NestedFile {
  private static final int PAGE = 1024;

  private final ByteBuffer bytes;

  NestedFile(int pages) {
    bytes = ByteBuffer.allocate(pages * PAGE).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 2; i++) {
      MetaPage.write(
          bytes.position(i * PAGE), i, new BoltMeta(PAGE, 2, 0, Layout.NO_FREELIST, pages, 2 - i));
    }
  }

  /** Three levels of buckets, each on a page, with keys beside them. */
  static byte[] bytes() {
    NestedFile file = new NestedFile(6);
    file.leaf(2, new Entry("a", 3), new Entry("b", 5));
    file.leaf(3, new Entry("inner", 4), new Entry("key", "value"));
    file.leaf(4, new Entry("deep", "value"));
    file.leaf(5, new Entry("k1", "v1"), new Entry("k2", "v2"));
    return file.array();
  }

  byte[] array() {
    return bytes.array();
  }

  /** A key with a value, or a bucket with a root page. */
  record Entry(String key, String value, long page) {
    Entry(String key, String value) {
      this(key, value, 0);
    }

    Entry(String key, long page) {
      this(key, null, page);
    }

    private int valueBytes() {
      return value == null ? 16 : value.length();
    }
  }

  void leaf(int page, Entry... entries) {
    header(page, Layout.FLAG_LEAF, entries.length);
    int pos = 16 * entries.length;
    for (Entry entry : entries) {
      bytes.putInt(entry.value() == null ? 1 : 0).putInt(pos);
      bytes.putInt(entry.key().length()).putInt(entry.valueBytes());
      pos += entry.key().length() + entry.valueBytes() - 16;
    }
    for (Entry entry : entries) {
      bytes.put(ascii(entry.key()));
      if (entry.value() == null) {
        bytes.putLong(entry.page()).putLong(0);
      } else {
        bytes.put(ascii(entry.value()));
      }
    }
  }

  void branch(int page, Entry... children) {
    header(page, Layout.FLAG_BRANCH, children.length);
    int pos = 16 * children.length;
    for (Entry child : children) {
      bytes.putInt(pos).putInt(child.key().length()).putLong(child.page());
      pos += child.key().length() - 16;
    }
    for (Entry child : children) {
      bytes.put(ascii(child.key()));
    }
  }

  private void header(int page, int flags, int count) {
    bytes.position(page * PAGE);
    bytes.putLong(page).putShort((short) flags).putShort((short) count).putInt(0);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
