package dev.cairn.engine.lmdb;

import java.nio.ByteBuffer;

/**
 * The record that LMDB keeps of one tree (its {@code MDB_db}): 48 bytes, little-endian.
 *
 * <pre>
 * 0 u32 pad   4 u16 flags   6 u16 depth   8 u64 branch pages   16 u64 leaf pages
 * 24 u64 overflow pages   32 u64 entries   40 u64 root page, all ones when empty
 * </pre>
 */
record TreeHead(
    int pad,
    int flags,
    int depth,
    long branchPages,
    long leafPages,
    long overflowPages,
    long entries,
    long root) {
  static final int SIZE_BYTES = 48;
  static final int ROOT_AT = 40;
  static final long NO_ROOT = -1;
  static final TreeHead EMPTY = new TreeHead(0, 0, 0, 0, 0, 0, 0, NO_ROOT);

  static TreeHead read(ByteBuffer from, int at) {
    return new TreeHead(
        from.getInt(at),
        Short.toUnsignedInt(from.getShort(at + 4)),
        Short.toUnsignedInt(from.getShort(at + 6)),
        from.getLong(at + 8),
        from.getLong(at + 16),
        from.getLong(at + 24),
        from.getLong(at + 32),
        from.getLong(at + ROOT_AT));
  }

  void write(ByteBuffer to, int at) {
    to.putInt(at, pad)
        .putShort(at + 4, (short) flags)
        .putShort(at + 6, (short) depth)
        .putLong(at + 8, branchPages)
        .putLong(at + 16, leafPages)
        .putLong(at + 24, overflowPages)
        .putLong(at + 32, entries)
        .putLong(at + ROOT_AT, root);
  }

  boolean isEmpty() {
    return root == NO_ROOT;
  }

  /** Pages of the tree itself, without the trees that its entries may head. */
  long pages() {
    return branchPages + leafPages + overflowPages;
  }

  TreeHead withRoot(long newRoot) {
    return new TreeHead(pad, flags, depth, branchPages, leafPages, overflowPages, entries, newRoot);
  }
}
