package dev.cairn.engine.lmdb;

import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The pages of one version, read without LMDB: damaged bytes give {@code corrupt} and can do no
 * harm, which LMDB, trusting its file, does not promise. Thread-safe.
 */
final class Version {
  private final PageSource source;
  private final Meta meta;

  Version(PageSource source, Meta meta) {
    this.source = source;
    this.meta = meta;
  }

  /** The newest version of a file. */
  static Version newest(PageSource source) {
    return new Version(source, Meta.newest(source));
  }

  Meta meta() {
    return meta;
  }

  PageSource source() {
    return source;
  }

  int pageSizeBytes() {
    return meta.pageSizeBytes();
  }

  Page newPage() {
    return new Page(source.path(), meta.pageSizeBytes());
  }

  /** Copies a page into the array of {@code into}, unless that holds it already. */
  void load(long number, boolean leaf, Page into) {
    if (into.holds(number)) {
      return;
    }
    checkRange(number, 1);
    source.read(number * pageSizeBytes(), ByteBuffer.wrap(into.own()));
    into.showOwn(number, leaf);
  }

  /** Shows a page without a copy where that is possible; inside the source. */
  void show(long number, boolean leaf, Page page) {
    checkRange(number, 1);
    source.show(number * pageSizeBytes(), number, leaf, page);
  }

  /**
   * Checks the head of the overflow pages of a big value.
   *
   * @return how many there are; more than are needed when the value became shorter
   */
  long overflowCount(long first, int valueBytes) {
    checkRange(first, 1);
    ByteBuffer head = ByteBuffer.allocate(Page.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    source.read(first * pageSizeBytes(), head);
    long count = Integer.toUnsignedLong(head.getInt(Page.OVERFLOW_COUNT_AT));
    boolean good =
        head.getLong(0) == first
            && head.getShort(Page.FLAGS_AT) == Page.OVERFLOW
            && Page.HEADER_BYTES + (long) valueBytes <= count * pageSizeBytes();
    if (!good) {
      throw corrupt(first, "page " + first + " does not start the value it should");
    }
    checkRange(first, count);
    return count;
  }

  /** A value that lies on overflow pages; a fresh array. */
  byte[] bigValue(long first, int valueBytes) {
    overflowCount(first, valueBytes);
    byte[] value = new byte[valueBytes];
    readBigValue(first, ByteBuffer.wrap(value));
    return value;
  }

  /** Fills a buffer from the start of a value that lies on overflow pages. */
  void readBigValue(long first, ByteBuffer into) {
    source.read(first * pageSizeBytes() + Page.HEADER_BYTES, into);
  }

  private void checkRange(long first, long count) {
    boolean inside =
        first >= Meta.COUNT && count <= meta.lastPage() && first <= meta.lastPage() - count + 1;
    if (!inside) {
      throw corrupt(Math.max(0, first), "page " + first + " lies outside");
    }
  }

  StorageException corrupt(long page, String what) {
    long at = page > Long.MAX_VALUE / pageSizeBytes() ? 0 : page * pageSizeBytes();
    return StorageException.corrupt(source.path(), at, what);
  }
}
