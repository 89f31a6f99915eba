package dev.cairn.engine.lmdb;

import dev.cairn.spi.Bucket;
import java.util.ArrayList;
import java.util.List;

/** Looks buckets up in a version of a store that is known to be Cairn's. One thread at a time. */
final class CatalogReader {
  private final Version version;
  private final TreeCursor main;
  private final TreeCursor entries;

  CatalogReader(Version version) {
    this.version = version;
    main = new TreeCursor(version, version.meta().main());
    entries = new TreeCursor(version, tree(CatalogKeys.DATABASE));
  }

  List<Bucket> buckets() {
    List<Bucket> buckets = new ArrayList<>();
    boolean found = entries.seek(CatalogKeys.FIRST_BUCKET);
    while (found) {
      byte[] key = entries.leaf().key();
      if (!CatalogKeys.isBucket(key)) {
        throw version.corrupt(entries.leaf().number(), "has an impossible entry in its catalog");
      }
      buckets.add(CatalogKeys.bucket(key));
      found = entries.next();
    }
    return List.copyOf(buckets);
  }

  /** The tree of a bucket, or null when there is no such bucket. */
  TreeHead tree(Bucket bucket) {
    byte[] key = CatalogKeys.key(bucket);
    boolean found = entries.seek(key) && entries.isAt(key);
    return found ? tree(CatalogKeys.slotName(CatalogKeys.slot(entries.value()))) : null;
  }

  private TreeHead tree(byte[] name) {
    boolean found = main.seek(name) && main.isAt(name) && main.leaf().isSubTree();
    if (!found) {
      throw version.corrupt(0, "lacks a tree that its catalog names");
    }
    return main.leaf().subTree();
  }
}
