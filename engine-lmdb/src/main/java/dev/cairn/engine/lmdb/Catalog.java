package dev.cairn.engine.lmdb;

import dev.cairn.engine.support.Identity;
import dev.cairn.spi.Bucket;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the catalog of one version says, read without LMDB.
 *
 * @param identity the store's
 * @param identityAtBytes where in the file the identity stands
 * @param slots the slot of each bucket, by bucket
 * @param slotCount how many slots there are
 */
record Catalog(Identity identity, long identityAtBytes, Map<Bucket, Integer> slots, int slotCount) {

  /**
   * Reads it.
   *
   * @throws dev.cairn.spi.StorageException {@code corrupt}; {@code unsupported} when this is no
   *     Cairn store
   */
  static Catalog read(Version version) {
    TreeCursor main = new TreeCursor(version, version.meta().main());
    // With flags its keys may be numbers, which ours are not to be compared with.
    boolean plain = version.meta().main().flags() == 0;
    boolean named = plain && main.first() && main.isAt(CatalogKeys.DATABASE);
    TreeHead head = named ? tree(version, main) : null;
    TreeCursor entries = head == null ? null : new TreeCursor(version, head);
    boolean known = head != null && entries.first() && entries.isAt(CatalogKeys.IDENTITY);
    Identity identity =
        Identity.decode(
            known ? entries.value() : null, LmdbEngine.FORMAT_VERSION, version.source().path());
    Page leaf = entries.leaf();
    if (leaf.isBig()) {
      throw corrupt(version, entries, "has its identity in a wrong place");
    }
    long at = leaf.number() * version.pageSizeBytes() + leaf.valueAt(Identity.SIZE_BYTES);
    int slotCount = slotCount(version, main);
    return new Catalog(identity, at, slots(version, entries, slotCount), slotCount);
  }

  private static int slotCount(Version version, TreeCursor main) {
    int count = 0;
    while (main.next()) {
      if (count == CatalogKeys.SLOTS_MAX || !main.isAt(CatalogKeys.slotName(count))) {
        throw corrupt(version, main, "has a database that is no slot of Cairn's");
      }
      tree(version, main);
      count++;
    }
    return count;
  }

  private static Map<Bucket, Integer> slots(Version version, TreeCursor entries, int slotCount) {
    Map<Bucket, Integer> slots = new TreeMap<>();
    BitSet taken = new BitSet();
    while (entries.next()) {
      byte[] key = entries.leaf().key();
      int slot = CatalogKeys.slot(entries.value());
      boolean good = CatalogKeys.isBucket(key) && slot >= 0 && slot < slotCount && !taken.get(slot);
      if (!good) {
        throw corrupt(version, entries, "has an impossible entry in its catalog");
      }
      taken.set(slot);
      slots.put(CatalogKeys.bucket(key), slot);
    }
    return slots;
  }

  private static TreeHead tree(Version version, TreeCursor main) {
    if (!main.leaf().isSubTree() || main.leaf().subTree().flags() != 0) {
      throw corrupt(version, main, "has an entry that is no tree of Cairn's");
    }
    return main.leaf().subTree();
  }

  private static RuntimeException corrupt(Version version, TreeCursor cursor, String what) {
    return version.corrupt(cursor.leaf().number(), what);
  }
}
