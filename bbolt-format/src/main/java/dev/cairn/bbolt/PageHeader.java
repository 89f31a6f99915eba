package dev.cairn.bbolt;

import java.nio.ByteBuffer;

/**
 * The first 16 bytes of a page.
 *
 * @param id the page's own number, as it says
 * @param flags exactly one of the four kinds
 * @param count 0 to 65535 elements
 * @param overflow how many further pages it goes on over
 */
record PageHeader(long id, int flags, int count, long overflow) {
  static PageHeader of(ByteBuffer page) {
    return new PageHeader(
        page.getLong(Layout.PAGE_ID_AT),
        page.getShort(Layout.FLAGS_AT) & 0xffff,
        page.getShort(Layout.COUNT_AT) & 0xffff,
        page.getInt(Layout.OVERFLOW_AT) & 0xffffffffL);
  }

  boolean isBranch() {
    return flags == Layout.FLAG_BRANCH;
  }

  boolean isLeaf() {
    return flags == Layout.FLAG_LEAF;
  }

  boolean isFreelist() {
    return flags == Layout.FLAG_FREELIST;
  }

  /** For messages. */
  String type() {
    return switch (flags) {
      case Layout.FLAG_BRANCH -> "a branch";
      case Layout.FLAG_LEAF -> "a leaf";
      case Layout.FLAG_META -> "a meta";
      case Layout.FLAG_FREELIST -> "a freelist";
      default -> "of unknown type 0x" + Integer.toHexString(flags);
    };
  }
}
