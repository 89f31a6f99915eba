package dev.cairn.engine.bbolt;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.BitSet;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Goes through every tree of a file: which pages they use, each once, and that no bucket holds
 * another one. Reads every branch and leaf.
 */
final class Census {
  private final PageStore pages;
  private final BitSet used = new BitSet();

  Census(PageStore pages) {
    this.pages = pages;
  }

  /** The buckets of the top level, whose pages alone are read. */
  static SortedMap<Bucket, BucketRoot> topLevel(PageStore pages, long rootPage) {
    SortedMap<Bucket, BucketRoot> buckets = new TreeMap<>();
    TreeCursor cursor = new TreeCursor(pages, pages.root(rootPage));
    for (boolean on = cursor.first(); on; on = cursor.next()) {
      BucketRoot root = BucketRoot.read(pages, cursor.leaf(), cursor.index());
      buckets.put(Bucket.of(cursor.leaf().key(cursor.index())), root);
    }
    return buckets;
  }

  /**
   * Goes through all.
   *
   * @return the pages that the trees use
   * @throws StorageException {@code unsupported} for a bucket within a bucket, named by its path;
   *     {@code corrupt} for damage
   */
  BitSet run(long rootPage, SortedMap<Bucket, BucketRoot> buckets) {
    tree(pages.root(rootPage), null, 0);
    buckets.forEach((bucket, root) -> tree(root.root(pages), bucket, 0));
    return used;
  }

  /** Inline leaves have no page. */
  private void tree(Page page, Bucket bucket, int depth) {
    if (page.pageCount() > 0) {
      use(page);
    }
    if (!page.isLeaf()) {
      for (int i = 0; i < page.count(); i++) {
        tree(pages.child(page, i, depth + 1), bucket, depth + 1);
      }
    } else if (bucket != null) {
      plain(page, bucket);
    }
  }

  private void use(Page page) {
    int first = (int) page.id();
    int end = first + page.pageCount();
    int next = used.nextSetBit(first);
    if (next >= 0 && next < end) {
      throw pages.corrupt(first, "page " + first + " is referred to more than once");
    }
    used.set(first, end);
  }

  private void plain(Page leaf, Bucket bucket) {
    for (int i = 0; i < leaf.count(); i++) {
      if (leaf.elementFlags(i) != 0) {
        throw StorageException.of(
            Code.UNSUPPORTED,
            pages.path(),
            "holds bucket %s within a bucket; only bbolt keeps that"
                .formatted(Names.path(bucket.name(), leaf.key(i))));
      }
    }
  }
}
