package dev.cairn.engine.bbolt;

import dev.cairn.spi.StorageException;
import java.util.BitSet;

/**
 * The stored list of free pages: a page with flag 0x10 and the numbers as u64, rising. With 65535
 * or more of them the header's count is 65535 and the first number is the real count.
 *
 * @param page where it starts
 * @param pageCount how many pages it takes
 * @param free what it holds
 */
record Freelist(long page, int pageCount, BitSet free) {
  private static final int COUNT_IN_BODY = 0xffff;
  private static final int PIECE_BYTES = 64 << 10;

  /** The list at a page that a meta names. */
  static Freelist read(PageStore pages, long page) {
    byte[] head = new byte[Layout.PAGE_HEADER_BYTES + Long.BYTES];
    long offset = pages.offsetBytes(page);
    pages.read(offset, head, 0, head.length);
    long overflow = Page.overflow(head);
    if (Page.idOf(head) != page
        || Page.flags(head) != Layout.FLAG_FREELIST
        || overflow >= pages.highWaterPages() - page) {
      throw pages.corrupt(page, "page " + page + " is not a freelist within the file");
    }
    boolean inBody = Page.count(head) == COUNT_IN_BODY;
    long count = inBody ? Page.longAt(head, Layout.PAGE_HEADER_BYTES) : Page.count(head);
    int bodyAt = Layout.PAGE_HEADER_BYTES + (inBody ? Long.BYTES : 0);
    long room = ((overflow + 1) * pages.pageSizeBytes() - bodyAt) / Long.BYTES;
    if (Long.compareUnsigned(count, room) > 0) {
      throw pages.corrupt(
          page, "a freelist with room for " + room + " says that it holds " + count);
    }
    return new Freelist(page, (int) overflow + 1, ids(pages, page, offset + bodyAt, count));
  }

  private static BitSet ids(PageStore pages, long page, long offset, long count) {
    BitSet free = new BitSet();
    byte[] piece = new byte[(int) Math.min(PIECE_BYTES, count * Long.BYTES)];
    for (long done = 0; done < count; ) {
      int length = (int) Math.min(piece.length, (count - done) * Long.BYTES);
      pages.read(offset + done * Long.BYTES, piece, 0, length);
      for (int at = 0; at < length; at += Long.BYTES) {
        long id = pages.checkedId(Page.longAt(piece, at), "the freelist");
        if (free.get((int) id)) {
          throw pages.corrupt(page, "the freelist holds page " + id + " twice");
        }
        free.set((int) id);
      }
      done += length / Long.BYTES;
    }
    return free;
  }

  /** How many pages a list of so many numbers takes, as bbolt reckons it. */
  static int pagesFor(long ids, int pageSizeBytes) {
    long entries = ids < COUNT_IN_BODY ? ids : ids + 1;
    long sizeBytes = Layout.PAGE_HEADER_BYTES + Long.BYTES * entries;
    if (sizeBytes > Integer.MAX_VALUE - 2L * Layout.PAGE_SIZE_MAX) {
      throw StorageException.of(
          StorageException.Code.LIMIT, ids + " free pages are too many; defragment the store");
    }
    return (int) (sizeBytes / pageSizeBytes) + 1;
  }

  /** The bytes of a list that starts at a page. */
  static byte[] encode(BitSet free, long page, int pageCount, int pageSizeBytes) {
    byte[] bytes = new byte[pageCount * pageSizeBytes];
    int count = free.cardinality();
    boolean inBody = count >= COUNT_IN_BODY;
    Page.putHeader(
        bytes, page, Layout.FLAG_FREELIST, inBody ? COUNT_IN_BODY : count, pageCount - 1);
    int at = Layout.PAGE_HEADER_BYTES;
    if (inBody) {
      Page.putLong(bytes, at, count);
      at += Long.BYTES;
    }
    for (int id = free.nextSetBit(0); id >= 0; id = free.nextSetBit(id + 1)) {
      Page.putLong(bytes, at, id);
      at += Long.BYTES;
    }
    return bytes;
  }
}
