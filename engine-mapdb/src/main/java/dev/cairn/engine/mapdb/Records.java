package dev.cairn.engine.mapdb;

import java.util.Arrays;

/**
 * Reads records of MapDB's store format, by the number that MapDB gave them, from any pages.
 * Everything that is read is checked: damage is {@code corrupt}, never a loop nor a huge array.
 *
 * <pre>
 * index  = 8 bytes a record, from byte {@value #INDEX_AT} of the file, then on further index pages
 * value  = u16 size, u44 offset / 16, flags: linked, unused, archive, parity
 * record = at the offset; of 5 bytes or less, in the offset itself; linked when over 65,520 bytes:
 *          each part but the last starts with the value of the next one
 * </pre>
 */
final class Records {
  /** Longest record that a store of ours has: a value, or a node of 32 long keys. */
  static final int RECORD_BYTES_MAX = (8 << 20) + 64;

  private static final int INDEX_AT = StoreImage.HEAD_BYTES + 16;
  private static final long FIRST_INDEX_RECORDS = (StoreImage.UNIT_BYTES - INDEX_AT) / 8;
  private static final long INDEX_RECORDS = (StoreImage.UNIT_BYTES - 16) / 8;
  private static final long OFFSET = 0x0000FFFFFFFFFFF0L;
  private static final long LINKED = 8;
  private static final int SIZE_SHIFT = 48;
  private static final int STORED_BYTES_MAX = 0xfff0;
  private static final int INLINE_BYTES_MAX = 5;

  private final Pages pages;
  private long[] indexUnits;

  Records(Pages pages) {
    this.pages = pages;
  }

  Pages pages() {
    return pages;
  }

  /**
   * A record's bytes.
   *
   * @return a fresh array
   */
  byte[] read(long record) {
    long at = indexAt(record);
    long value = number(at);
    if (Long.bitCount(value) % 2 != 1) {
      throw pages.corrupt(at, "record " + record + " has a damaged index");
    }
    if ((value & LINKED) != 0) {
      return readLinked(value);
    }
    int size = size(value);
    if (size > STORED_BYTES_MAX) {
      throw pages.corrupt(at, "there is no record " + record);
    }
    return size <= INLINE_BYTES_MAX
        ? inline(value, size)
        : copy(new byte[size], 0, value & OFFSET, size);
  }

  /** A record that holds the number of another one. */
  long readNumber(long record) {
    long number = new PackedInput(pages, read(record)).number();
    if (Long.bitCount(number) % 2 != 1) {
      throw pages.corrupt(indexAt(record), "record " + record + " holds a damaged number");
    }
    return number >>> 1;
  }

  private static int size(long value) {
    return (int) (value >>> SIZE_SHIFT);
  }

  private static byte[] inline(long value, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) ((value & OFFSET) >>> 8 * (size - i));
    }
    return bytes;
  }

  private byte[] readLinked(long first) {
    byte[] bytes = new byte[2 * STORED_BYTES_MAX];
    int done = 0;
    long value = first;
    while (true) {
      boolean linked = (value & LINKED) != 0;
      int head = linked ? Long.BYTES : 0;
      int part = size(value) - head;
      long at = value & OFFSET;
      if (part <= 0 || part > STORED_BYTES_MAX || done + part > RECORD_BYTES_MAX) {
        throw pages.corrupt(at, "a record is of no possible length");
      }
      if (done + part > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.min(RECORD_BYTES_MAX, 2 * (done + part)));
      }
      copy(bytes, done, at + head, part);
      done += part;
      if (!linked) {
        return Arrays.copyOf(bytes, done);
      }
      value = number(at);
      if ((Long.bitCount(value & ~7L) + 1) % 8 != (value & 7)) {
        throw pages.corrupt(at, "a record's link is damaged");
      }
      value &= ~7L;
    }
  }

  private byte[] copy(byte[] into, int from, long offset, int size) {
    int done = 0;
    while (done < size) {
      long at = offset + done;
      int start = (int) (at % Pages.PAGE_BYTES);
      int part = Math.min(size - done, Pages.PAGE_BYTES - start);
      System.arraycopy(page(at), start, into, from + done, part);
      done += part;
    }
    return into;
  }

  private byte[] page(long offset) {
    long number = offset / Pages.PAGE_BYTES;
    if (offset < 0 || number >= pages.count()) {
      throw pages.corrupt(offset, "a record lies behind the end");
    }
    return pages.read(number);
  }

  private long number(long offset) {
    return StoreImage.number(page(offset), (int) (offset % Pages.PAGE_BYTES));
  }

  private long indexAt(long record) {
    long at = record - 1;
    if (at >= 0 && at < FIRST_INDEX_RECORDS) {
      return INDEX_AT + at * 8;
    }
    at -= FIRST_INDEX_RECORDS;
    long unit = at / INDEX_RECORDS;
    if (indexUnits == null || unit >= indexUnits.length) {
      // Read again too: beneath the writer the index grows.
      indexUnits = readIndexUnits();
    }
    if (at < 0 || unit >= indexUnits.length) {
      throw pages.corrupt(0, "there is no record " + record);
    }
    return indexUnits[(int) unit] + 16 + at % INDEX_RECORDS * 8;
  }

  /** Where the index goes on behind the first unit: a list, each unit naming the next. */
  private long[] readIndexUnits() {
    long[] units = new long[(int) Math.min(1 << 20, pages.count() / Pages.GROWTH_PAGES)];
    int found = 0;
    long at = StoreImage.HEAD_BYTES;
    while (true) {
      long next = StoreImage.checked16(pages, number(at), at);
      if (next == 0) {
        return Arrays.copyOf(units, found);
      }
      if (found == units.length || next % StoreImage.UNIT_BYTES != 0) {
        throw pages.corrupt(at, "the list of index pages is damaged");
      }
      units[found++] = next;
      at = next + 8;
    }
  }
}
