package dev.cairn.engine.bbolt;

/** Where things stand in a page, as {@code dev.cairn.bbolt} draws it. All is little-endian. */
final class Layout {
  static final int PAGE_SIZE_MIN = 512;
  static final int PAGE_SIZE_MAX = 65536;

  static final int PAGE_HEADER_BYTES = 16;
  static final int PAGE_ID_AT = 0;
  static final int FLAGS_AT = 8;
  static final int COUNT_AT = 10;
  static final int OVERFLOW_AT = 12;

  static final int FLAG_BRANCH = 0x01;
  static final int FLAG_LEAF = 0x02;
  static final int FLAG_FREELIST = 0x10;

  /** Elements of leaves and branches have the same size. */
  static final int ELEMENT_BYTES = 16;

  static final int LEAF_FLAGS_AT = 0;
  static final int LEAF_POS_AT = 4;
  static final int LEAF_KEY_BYTES_AT = 8;
  static final int LEAF_VALUE_BYTES_AT = 12;
  static final int BRANCH_POS_AT = 0;
  static final int BRANCH_KEY_BYTES_AT = 4;
  static final int BRANCH_CHILD_AT = 8;

  /** A leaf element's flags: the value is a bucket header. */
  static final int ELEMENT_BUCKET = 0x01;

  static final int BUCKET_HEADER_BYTES = 16;
  static final int KEY_BYTES_MAX = 32768;

  /** Pages 0 and 1 are the metas. */
  static final long FIRST_PAGE = 2;

  /** Page numbers are kept as ints and in bit sets. */
  static final long PAGES_MAX = Integer.MAX_VALUE - 64;

  /** Far more than a tree of 2^31 pages has. */
  static final int DEPTH_MAX = 64;

  private Layout() {}
}
