package dev.cairn.snapshot;

import dev.cairn.bbolt.BoltMeta;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Damages an etcd image in a few places, most of them such as a reader steers by: headers of pages,
 * elements, headers of buckets and metas. The checksums of the metas are mended mostly, as they
 * would hide what is behind them.
 */
final class ImageDamage {
  private static final int PAGE_BYTES = 4096;
  private static final int HEADER_BYTES = 16;
  private static final int ELEMENT_BYTES = 16;
  private static final int META_AT = 16;
  private static final int META_CHECKSUM_AT = 72;
  private static final int BRANCH = 1;
  private static final int LEAF = 2;
  private static final long[] TELLING = {
    0,
    1,
    2,
    15,
    16,
    17,
    0xff,
    0x7fff,
    0x8000,
    0xfffe,
    0xffff,
    0x10000,
    0x7ffffff7L,
    0x7fffffffL,
    0x80000000L,
    0xfffffff0L,
    0xffffffffL,
    1L << 40,
    1L << 52,
    Long.MAX_VALUE - 1,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1
  };

  /** Where the elements of a leaf or a branch start, and what is in front of them. */
  private record Table(int headerAt, boolean leaf, int count) {
    int elementAt(int index) {
      return headerAt + HEADER_BYTES + index * ELEMENT_BYTES;
    }
  }

  private final SplittableRandom random;
  private final ByteBuffer bytes;
  private final int pages;
  private final List<Table> tables = new ArrayList<>();

  private ImageDamage(byte[] image, SplittableRandom random) {
    this.random = random;
    this.bytes = ByteBuffer.wrap(image.clone()).order(ByteOrder.LITTLE_ENDIAN);
    this.pages = image.length / PAGE_BYTES;
    for (int page = 2; page < pages; page++) {
      find(page * PAGE_BYTES, image.length);
    }
  }

  /** A damaged copy. */
  static byte[] of(byte[] image, SplittableRandom random) {
    ImageDamage damage = new ImageDamage(image, random);
    for (int left = random.nextInt(1, 5); left > 0; left--) {
      damage.somewhere();
    }
    damage.mendMetas();
    byte[] damaged = damage.bytes.array();
    return random.nextInt(40) == 0 ? damage.cut(damaged) : damaged;
  }

  private byte[] cut(byte[] damaged) {
    int length = random.nextInt(damaged.length);
    return Arrays.copyOf(damaged, random.nextBoolean() ? length & ~511 : length);
  }

  /** Bytes that look like a page's header; what lies within a long value may look so too. */
  private void find(int at, int end) {
    int flags = at + HEADER_BYTES <= end ? bytes.getShort(at + 8) : 0;
    int count = flags == 0 ? 0 : bytes.getShort(at + 10) & 0xffff;
    boolean fits = at + HEADER_BYTES + count * ELEMENT_BYTES <= end;
    if ((flags != BRANCH && flags != LEAF) || !fits) {
      return;
    }
    Table table = new Table(at, flags == LEAF, count);
    tables.add(table);
    for (int i = 0; i < count && table.leaf(); i++) {
      int element = table.elementAt(i);
      int value = element + bytes.getInt(element + 4) + bytes.getInt(element + 8);
      boolean inline = bytes.getInt(element) == 1 && bytes.getInt(element + 12) >= 32;
      if (inline && value > at && value + 32 <= end) {
        find(value + HEADER_BYTES, value + bytes.getInt(element + 12));
      }
    }
  }

  private void somewhere() {
    if (tables.isEmpty() || random.nextInt(8) == 0) {
      anywhere();
      return;
    }
    Table table = tables.get(random.nextInt(tables.size()));
    switch (random.nextInt(8)) {
      case 0 -> header(table);
      case 1 -> meta();
      case 2 -> page();
      case 3 -> order(table);
      default -> element(table);
    }
  }

  private void anywhere() {
    int length = random.nextInt(1, 40);
    int at = random.nextInt(bytes.capacity() - length);
    switch (random.nextInt(4)) {
      case 0 -> Arrays.fill(bytes.array(), at, at + length, (byte) 0);
      case 1 -> bytes.put(at, bytes.array(), random.nextInt(bytes.capacity() - length), length);
      case 2 -> bytes.put(at, (byte) (bytes.get(at) ^ 1 << random.nextInt(8)));
      default -> {
        for (int i = at; i < at + length; i++) {
          bytes.put(i, (byte) random.nextInt());
        }
      }
    }
  }

  /** Its number, kind, count of elements and overflow. */
  private void header(Table table) {
    int at = table.headerAt();
    switch (random.nextInt(6)) {
      case 0 -> bytes.putLong(at, random.nextBoolean() ? aPage() : telling());
      case 1 -> bytes.putShort(at + 8, (short) random.nextInt(0x20));
      case 2 -> bytes.putShort(at + 10, (short) -1);
      case 3 -> bytes.putShort(at + 10, (short) (table.count() + random.nextInt(-2, 3)));
      case 4 -> bytes.putInt(at + 12, random.nextInt(pages + 1));
      default -> bytes.putInt(at + 12, (int) telling());
    }
  }

  private void meta() {
    int at = random.nextInt(2) * PAGE_BYTES + 24 + 8 * random.nextInt(6);
    switch (random.nextInt(3)) {
      case 0 -> bytes.putLong(at, telling());
      case 1 -> bytes.putLong(at, aPage());
      default -> bytes.putLong(at, bytes.getLong(at) + random.nextInt(-2, 3));
    }
  }

  /** One page over another under the right number: shared children and circles. */
  private void page() {
    int to = random.nextInt(2, pages);
    bytes.put(to * PAGE_BYTES, bytes.array(), random.nextInt(2, pages) * PAGE_BYTES, PAGE_BYTES);
    bytes.putLong(to * PAGE_BYTES, to);
  }

  /** Two elements change places, or one stands twice. */
  private void order(Table table) {
    if (table.count() < 2) {
      return;
    }
    int one = table.elementAt(random.nextInt(table.count()));
    int two = table.elementAt(random.nextInt(table.count()));
    byte[] kept = Arrays.copyOfRange(bytes.array(), one, one + ELEMENT_BYTES);
    bytes.put(one, bytes.array(), two, ELEMENT_BYTES);
    int apart = two - one;
    if (random.nextBoolean()) {
      bytes.put(two, kept);
      shift(table, two, -apart);
    }
    shift(table, one, apart);
  }

  /** So that a moved element still means the same bytes. */
  private void shift(Table table, int element, int by) {
    int at = table.leaf() ? element + 4 : element;
    bytes.putInt(at, bytes.getInt(at) + by);
  }

  private void element(Table table) {
    if (table.count() == 0) {
      return;
    }
    int at = table.elementAt(random.nextInt(table.count()));
    if (!table.leaf()) {
      branchElement(at);
    } else if (bytes.getInt(at) == 1 && random.nextInt(4) > 0) {
      bucketHeader(at);
    } else {
      leafElement(at);
    }
  }

  private void branchElement(int at) {
    switch (random.nextInt(5)) {
      case 0 -> bytes.putInt(at, (int) telling());
      case 1 -> bytes.putInt(at + 4, (int) telling());
      case 2 -> bytes.putLong(at + 8, telling());
      case 3 -> bytes.putLong(at + 8, pages + random.nextInt(3));
      default -> bytes.putLong(at + 8, aPage());
    }
  }

  private void leafElement(int at) {
    int field = at + 4 * random.nextInt(4);
    switch (random.nextInt(3)) {
      case 0 -> bytes.putInt(field, (int) telling());
      case 1 -> bytes.putInt(field, bytes.getInt(field) + random.nextInt(-20, 21));
      default -> bytes.putInt(at, bytes.getInt(at) ^ 1 << random.nextInt(32));
    }
  }

  /** The root of a tree elsewhere, and what stands for one when it is inline. */
  private void bucketHeader(int at) {
    int size = bytes.getInt(at + 12);
    int value = at + bytes.getInt(at + 4) + bytes.getInt(at + 8);
    if (value < 0 || value > bytes.capacity() - 2 * HEADER_BYTES) {
      return;
    }
    switch (random.nextInt(8)) {
      case 0 -> bytes.putInt(at + 12, random.nextInt(Math.max(1, Math.min(size, 64)) + 1));
      case 1 -> bytes.putInt(at + 12, size + random.nextInt(-20, 21));
      case 2 -> bytes.putLong(value, 0);
      case 3 -> bytes.putLong(value, telling());
      case 4 -> bytes.putLong(value + 8, random.nextInt(3));
      case 5 -> bytes.putLong(value + HEADER_BYTES + 8, telling());
      default -> bytes.putLong(value, aPage());
    }
  }

  private long aPage() {
    return random.nextInt(pages);
  }

  private long telling() {
    return TELLING[random.nextInt(TELLING.length)];
  }

  /** Never to 0, which bbolt takes for no checksum at all before 1.3.7, and nothing else does. */
  private void mendMetas() {
    mendMostMetas();
    for (int at = META_CHECKSUM_AT; at <= PAGE_BYTES + META_CHECKSUM_AT; at += PAGE_BYTES) {
      bytes.putLong(at, bytes.getLong(at) == 0 ? 1 : bytes.getLong(at));
    }
  }

  private void mendMostMetas() {
    for (int at = 0; at <= PAGE_BYTES && random.nextInt(10) > 0; at += PAGE_BYTES) {
      BoltMeta meta =
          new BoltMeta(
              bytes.getInt(at + 24),
              bytes.getLong(at + 32),
              bytes.getLong(at + 40),
              bytes.getLong(at + 48),
              bytes.getLong(at + 56),
              bytes.getLong(at + 64));
      ByteBuffer right = ByteBuffer.wrap(meta.encode(0)).order(ByteOrder.LITTLE_ENDIAN);
      boolean otherwiseRight = right.getLong(META_AT) == bytes.getLong(at + META_AT);
      if (otherwiseRight && right.getInt(28) == bytes.getInt(at + 28)) {
        bytes.putLong(at + META_CHECKSUM_AT, right.getLong(META_CHECKSUM_AT));
      }
    }
  }
}
