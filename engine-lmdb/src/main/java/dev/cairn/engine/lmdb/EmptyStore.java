package dev.cairn.engine.lmdb;

import dev.cairn.engine.support.Identity;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of a store with no bucket: two meta pages, the catalog's leaf with the identity, and
 * the main tree's leaf with the catalog and the first free slots.
 */
final class EmptyStore {
  static final int PAGE_BYTES = 4096;
  static final int SLOTS = 16;

  private static final long CATALOG_PAGE = 2;
  private static final long MAIN_PAGE = 3;

  private EmptyStore() {}

  static byte[] bytes(Identity identity) {
    ByteBuffer all = ByteBuffer.allocate(4 * PAGE_BYTES);
    Meta meta = new Meta(PAGE_BYTES, 0, freeTree(), oneLeaf(1 + SLOTS, MAIN_PAGE), MAIN_PAGE, 1);
    all.put(meta.withTxn(0).encode(0)).put(meta.encode(1));
    all.put(catalogLeaf(identity)).put(mainLeaf());
    return all.array();
  }

  private static TreeHead freeTree() {
    return new TreeHead(PAGE_BYTES, Meta.INTEGER_KEY, 0, 0, 0, 0, 0, TreeHead.NO_ROOT);
  }

  private static TreeHead oneLeaf(long entries, long root) {
    return new TreeHead(0, 0, 1, 0, 1, 0, entries, root);
  }

  private static byte[] catalogLeaf(Identity identity) {
    Leaf leaf = new Leaf(CATALOG_PAGE);
    leaf.add(CatalogKeys.IDENTITY, 0, identity.encode());
    return leaf.bytes();
  }

  private static byte[] mainLeaf() {
    Leaf leaf = new Leaf(MAIN_PAGE);
    leaf.add(CatalogKeys.DATABASE, Page.SUB_TREE, encoded(oneLeaf(1, CATALOG_PAGE)));
    for (int slot = 0; slot < SLOTS; slot++) {
      leaf.add(CatalogKeys.slotName(slot), Page.SUB_TREE, encoded(TreeHead.EMPTY));
    }
    return leaf.bytes();
  }

  private static byte[] encoded(TreeHead head) {
    ByteBuffer record = ByteBuffer.allocate(TreeHead.SIZE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    head.write(record, 0);
    return record.array();
  }

  /** A leaf page in the making; entries come in key order. */
  private static final class Leaf {
    private final ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int lower = Page.HEADER_BYTES;
    private int upper = PAGE_BYTES;

    Leaf(long number) {
      page.putLong(0, number).putShort(Page.FLAGS_AT, (short) Page.LEAF);
    }

    void add(byte[] key, int flags, byte[] data) {
      int sizeBytes = Page.NODE_BYTES + key.length + data.length;
      upper -= sizeBytes + (sizeBytes & 1);
      page.putShort(lower, (short) upper);
      lower += Short.BYTES;
      page.putInt(upper, data.length).putShort(upper + 4, (short) flags);
      page.putShort(upper + 6, (short) key.length);
      page.put(upper + Page.NODE_BYTES, key).put(upper + Page.NODE_BYTES + key.length, data);
    }

    byte[] bytes() {
      page.putShort(Page.LOWER_AT, (short) lower).putShort(Page.UPPER_AT, (short) upper);
      return page.array();
    }
  }
}
