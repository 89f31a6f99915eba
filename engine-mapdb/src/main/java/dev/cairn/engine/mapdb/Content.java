package dev.cairn.engine.mapdb;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The buckets in a store's pages. Each is a tree of its own; the catalog, a tree too, which MapDB
 * knows by the name {@value #CATALOG_NAME}, has their names.
 *
 * <pre>
 * catalog entry = "b" and the bucket's name -> u64 number of the record that holds its root's number
 * </pre>
 *
 * Used by one thread at a time.
 */
final class Content {
  static final String CATALOG_NAME = "cairn";

  /** The record that holds the number of the catalog's root; of the first tree that is made. */
  static final long CATALOG_ROOT_HOLDER = 10;

  private static final byte BUCKET = 'b';

  private final Records records;
  private final Tree catalog;
  private final Map<Bucket, Tree> trees = new HashMap<>();

  Content(Pages pages) {
    records = new Records(pages);
    catalog = new Tree(records, CATALOG_ROOT_HOLDER);
  }

  Pages pages() {
    return records.pages();
  }

  List<Bucket> buckets() {
    return new ArrayList<>(rootHolders().keySet());
  }

  /** Each bucket, in order, with the record that holds its root's number. */
  TreeMap<Bucket, Long> rootHolders() {
    TreeMap<Bucket, Long> found = new TreeMap<>();
    TreeCursor cursor = catalog.cursor();
    while (cursor.next()) {
      byte[] key = cursor.key();
      if (key.length < 2 || key.length > 1 + Bucket.NAME_BYTES_MAX || key[0] != BUCKET) {
        throw damaged();
      }
      found.put(Bucket.of(Arrays.copyOfRange(key, 1, key.length)), rootHolder(cursor.value()));
    }
    return found;
  }

  /** A bucket's tree, or null when there is no such bucket. */
  Tree tree(Bucket bucket) {
    Tree tree = trees.get(bucket);
    if (tree == null) {
      byte[] holder = catalog.get(catalogKey(bucket));
      if (holder == null) {
        checkAbsent(bucket);
        return null;
      }
      tree = tree(rootHolder(holder));
      trees.put(bucket, tree);
    }
    return tree;
  }

  /** In a forged catalog a search may miss what a walk through it finds. */
  private void checkAbsent(Bucket bucket) {
    if (rootHolders().containsKey(bucket)) {
      throw damaged();
    }
  }

  Tree tree(long rootHolder) {
    return new Tree(records, rootHolder);
  }

  private long rootHolder(byte[] value) {
    if (value.length != Long.BYTES) {
      throw damaged();
    }
    return ByteBuffer.wrap(value).getLong();
  }

  private StorageException damaged() {
    return pages().corrupt(0, "the catalog of buckets is damaged");
  }

  static byte[] catalogKey(Bucket bucket) {
    byte[] name = bucket.name();
    return ByteBuffer.allocate(1 + name.length).put(BUCKET).put(name).array();
  }

  static byte[] catalogValue(long rootHolder) {
    return ByteBuffer.allocate(Long.BYTES).putLong(rootHolder).array();
  }
}
