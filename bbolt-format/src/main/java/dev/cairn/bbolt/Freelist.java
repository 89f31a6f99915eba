package dev.cairn.bbolt;

import java.nio.ByteBuffer;

/** The stored list of free pages, read piece by piece: it may be longer than memory. */
final class Freelist {
  /** A header count that says: the real count is the first number of the body. */
  private static final int COUNT_IN_BODY = 0xffff;

  private static final int PIECE_BYTES = 64 << 10;

  interface Visitor {
    /** An id as it stands there, unsigned and not checked. */
    void id(long page);
  }

  private final Pages pages;
  private final long page;
  private final PageHeader header;
  private final long bodyAtBytes;
  private final long count;

  private Freelist(Pages pages, long page, PageHeader header, long bodyAtBytes, long count) {
    this.pages = pages;
    this.page = page;
    this.header = header;
    this.bodyAtBytes = bodyAtBytes;
    this.count = count;
  }

  /** The list that the meta names; its page id was checked. */
  static Freelist read(Pages pages) {
    long page = pages.meta().freelistPage();
    long offset = pages.offsetBytes(page);
    ByteBuffer start = pages.bytes(offset, Layout.PAGE_HEADER_BYTES + Long.BYTES);
    PageHeader header = PageHeader.of(start);
    long sizeBytes = pages.extentBytes(page, header);
    if (!header.isFreelist()) {
      throw pages.corrupt(offset, "page " + page + " is not a freelist but " + header.type());
    }
    boolean inBody = header.count() == COUNT_IN_BODY;
    long count = inBody ? start.getLong(Layout.PAGE_HEADER_BYTES) : header.count();
    long bodyAt = Layout.PAGE_HEADER_BYTES + (inBody ? Long.BYTES : 0);
    if (Long.compareUnsigned(count, (sizeBytes - bodyAt) / Long.BYTES) > 0) {
      throw pages.corrupt(
          offset,
          "a freelist of "
              + sizeBytes
              + " bytes says that it holds "
              + Long.toUnsignedString(count)
              + " ids");
    }
    return new Freelist(pages, page, header, offset + bodyAt, count);
  }

  long page() {
    return page;
  }

  long pageCount() {
    return header.overflow() + 1;
  }

  void forEach(Visitor visitor) {
    for (long done = 0; done < count; ) {
      int ids = (int) Math.min(count - done, PIECE_BYTES / Long.BYTES);
      ByteBuffer piece = pages.bytes(bodyAtBytes + done * Long.BYTES, ids * Long.BYTES);
      while (piece.hasRemaining()) {
        visitor.id(piece.getLong());
      }
      done += ids;
    }
  }
}
