package dev.cairn.engine.mapdb;

import java.nio.ByteBuffer;

/**
 * Where what stands in the head of a MapDB store.
 *
 * <pre>
 * 0  u8 0x4A, u8 3: a store of MapDB 3
 * 24 end of the records, in the unit that is being filled
 * 32 highest record number
 * 40 end of the file
 * 64 lists of free records and of free space, 8 bytes each, up to {@value #HEAD_BYTES}
 * </pre>
 */
final class StoreImage {
  /** The store grows by so much. */
  static final int UNIT_BYTES = Pages.GROWTH_PAGES * Pages.PAGE_BYTES;

  /** Behind the head is the first part of the index. */
  static final int HEAD_BYTES = 32_864;

  private static final int MAGIC = 0x4a03;
  private static final int DATA_END_AT = 24;
  private static final int RECORDS_AT = 32;
  private static final int FILE_END_AT = 40;

  private StoreImage() {}

  static boolean isMapDb(byte[] head) {
    return head.length >= 2 && ByteBuffer.wrap(head).getChar(0) == MAGIC;
  }

  static long number(byte[] page, int at) {
    return ByteBuffer.wrap(page).getLong(at);
  }

  /** Checks and takes off the 16 bits of checksum that MapDB puts into a multiple of 65,536. */
  static long checked16(Pages pages, long stored, long offsetBytes) {
    long value = stored & ~0xffffL;
    if ((hash(value + 1) & 0xffff) != (stored & 0xffff)) {
      throw pages.corrupt(offsetBytes, "a pointer's checksum is wrong");
    }
    return value;
  }

  private static long hash(long value) {
    long hash = value * 0x9E3779B97F4A7C15L;
    hash ^= hash >>> 32;
    return hash ^ hash >>> 16;
  }

  /** How many pages the store says that it has. */
  static long pageCount(Pages pages) {
    byte[] head = pages.read(0);
    if (!isMapDb(head)) {
      throw pages.corrupt(0, "holds no MapDB store");
    }
    long bytes = checked16(pages, number(head, FILE_END_AT), FILE_END_AT);
    if (bytes < UNIT_BYTES || bytes % UNIT_BYTES != 0) {
      throw pages.corrupt(FILE_END_AT, "its length of " + bytes + " bytes is not possible");
    }
    return bytes / Pages.PAGE_BYTES;
  }

  /**
   * How many bytes of a store are in use.
   *
   * @param freeBytes what MapDB has in its lists of free space
   */
  static long liveBytes(Pages pages, long freeBytes) {
    byte[] head = pages.read(0);
    long dataEnd = number(head, DATA_END_AT) & ~0xfL;
    long unfilled = (UNIT_BYTES - dataEnd % UNIT_BYTES) % UNIT_BYTES;
    long records = (number(head, RECORDS_AT) & ~7L) >>> 3;
    long index = UNIT_BYTES - HEAD_BYTES - Math.min(UNIT_BYTES - HEAD_BYTES, records * Long.BYTES);
    long bytes = pages.count() * Pages.PAGE_BYTES - freeBytes - unfilled - index;
    return Math.max(0, bytes);
  }
}
