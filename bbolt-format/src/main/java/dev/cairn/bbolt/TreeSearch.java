package dev.cairn.bbolt;

import dev.cairn.spi.StorageException;

/** Finds keys: within a page, and from a root down without a path. */
final class TreeSearch {
  /** Far more than a tree of 2^63 pages has. */
  static final int DEPTH_MAX = 64;

  private TreeSearch() {}

  /** The child that a key is in: the last whose key is not greater, else the first. */
  static int childIndex(Page branch, byte[] key) {
    int at = firstNotLess(branch, key);
    boolean exact = at < branch.count() && branch.compareKey(at, key) == 0;
    return exact || at == 0 ? at : at - 1;
  }

  /** The first index of a page whose key is not less than a key; the count when there is none. */
  static int firstNotLess(Page page, byte[] key) {
    int low = 0;
    int high = page.count();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (page.compareKey(middle, key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The leaf that a key is in when it is there at all. */
  static Page leafOf(Pages pages, BucketHeader bucket, byte[] key) {
    Page page = bucket.root(pages);
    for (int depth = 1; !page.isLeaf(); depth++) {
      page = child(pages, page, childIndex(page, key), depth);
    }
    return page;
  }

  static Page lastLeaf(Pages pages, BucketHeader bucket) {
    Page page = bucket.root(pages);
    for (int depth = 1; !page.isLeaf(); depth++) {
      page = child(pages, page, page.count() - 1, depth);
    }
    return page;
  }

  /** Goes down one level; neither a branch nor what is below one may be empty. */
  static Page child(Pages pages, Page branch, int index, int depth) {
    if (branch.count() == 0) {
      throw empty(pages, branch);
    }
    if (depth >= DEPTH_MAX) {
      throw pages.corrupt(branch.offsetBytes(), "a tree is deeper than " + DEPTH_MAX + " pages");
    }
    Page child = pages.load(branch.child(index));
    if (child.count() == 0) {
      throw empty(pages, child);
    }
    return child;
  }

  private static StorageException empty(Pages pages, Page page) {
    return pages.corrupt(page.offsetBytes(), "page " + page.id() + " has no elements");
  }
}
