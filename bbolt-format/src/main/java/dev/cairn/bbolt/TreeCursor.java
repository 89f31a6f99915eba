package dev.cairn.bbolt;

import java.util.Arrays;

/**
 * Walks one tree and keeps the pages from the root to where it is. Damage cannot make it walk for
 * ever: depth and loads are bounded, and keys must rise. What it walks over a search finds too.
 */
final class TreeCursor {
  private static final byte[] BEFORE_ALL = {};

  private final Pages pages;
  private final BucketHeader bucket;
  private final PageBudget budget;
  private Page[] path = new Page[4];
  private int[] indexes = new int[4];
  private int depth;

  TreeCursor(Pages pages, BucketHeader bucket, PageBudget budget) {
    this.pages = pages;
    this.bucket = bucket;
    this.budget = budget;
  }

  /** The present leaf; only after a move that returned true. */
  Page leaf() {
    return path[depth - 1];
  }

  /** Which element of the leaf it is on. */
  int index() {
    return indexes[depth - 1];
  }

  boolean first() {
    return seek(BEFORE_ALL);
  }

  /** To the first entry that is not less than a key; false when there is none. */
  boolean seek(byte[] key) {
    depth = 0;
    Page page = bucket.root(pages);
    while (!page.isLeaf()) {
      page = down(page, TreeSearch.childIndex(page, key));
    }
    push(page, TreeSearch.firstNotLess(page, key));
    return index() < page.count() || climb();
  }

  /** To the next entry; only after a move that returned true. */
  boolean next() {
    Page before = leaf();
    int indexBefore = indexes[depth - 1]++;
    if (indexBefore + 1 >= before.count() && !climb()) {
      return false;
    }
    if (leaf().compareKey(index(), before, indexBefore) <= 0) {
      throw pages.corrupt(
          leaf().offsetBytes(),
          "keys do not rise at element " + index() + " of page " + leaf().id());
    }
    return true;
  }

  /** From behind the last element of a leaf to the first of the next leaf. */
  private boolean climb() {
    Page before = leaf();
    depth--;
    while (depth > 0 && indexes[depth - 1] + 1 >= path[depth - 1].count()) {
      depth--;
    }
    if (depth == 0) {
      return false;
    }
    Page branch = path[--depth];
    int index = indexes[depth] + 1;
    Page page = down(branch, index);
    while (!page.isLeaf()) {
      page = down(page, 0);
    }
    checkParts(branch, index, before, page);
    push(page, 0);
    return true;
  }

  /** A key of a branch that does not part what is on its sides hides some of it from a search. */
  private void checkParts(Page branch, int index, Page before, Page after) {
    if (branch.compareKey(index, before, before.count() - 1) <= 0
        || branch.compareKey(index, after, 0) > 0) {
      throw pages.corrupt(
          branch.offsetBytes(),
          "element %d of page %d does not part the keys of pages %d and %d"
              .formatted(index, branch.id(), before.id(), after.id()));
    }
  }

  private Page down(Page branch, int index) {
    budget.spend(pages, branch.offsetBytes());
    push(branch, index);
    return TreeSearch.child(pages, branch, index, depth);
  }

  private void push(Page page, int index) {
    if (depth == path.length) {
      path = Arrays.copyOf(path, depth * 2);
      indexes = Arrays.copyOf(indexes, depth * 2);
    }
    path[depth] = page;
    indexes[depth] = index;
    depth++;
  }
}
