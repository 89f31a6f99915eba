package dev.cairn.engine.bbolt;

import java.util.Arrays;

/**
 * Walks one tree and keeps the pages from the root to where it is. One thread at a time. Damage
 * cannot make it walk for ever: the depth is bounded and keys must rise.
 */
final class TreeCursor {
  private static final byte[] BEFORE_ALL = {};

  private final PageStore pages;
  private final Page root;
  private Page[] path = new Page[4];
  private int[] indexes = new int[4];
  private int depth;

  TreeCursor(PageStore pages, Page root) {
    this.pages = pages;
    this.root = root;
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
    Page page = root;
    while (!page.isLeaf()) {
      page = down(page, page.childIndex(key));
    }
    push(page, page.firstNotLess(key, 0));
    return index() < page.count() || climb();
  }

  /** To the next entry where that is in the same page; false, and nothing is done, where not. */
  boolean nextInPage() {
    if (depth == 0 || indexes[depth - 1] + 1 >= path[depth - 1].count()) {
      return false;
    }
    indexes[depth - 1]++;
    return true;
  }

  /** To the next entry; only after a move that returned true. */
  boolean next() {
    if (nextInPage()) {
      return true;
    }
    Page before = leaf();
    int indexBefore = index();
    if (!climb()) {
      return false;
    }
    if (leaf().compareKey(index(), before, indexBefore) <= 0) {
      throw pages.corrupt(leaf().id(), "keys do not rise from page " + before.id());
    }
    return true;
  }

  /** From behind the last element of a leaf to the first of the next leaf. */
  private boolean climb() {
    depth--;
    while (depth > 0 && indexes[depth - 1] + 1 >= path[depth - 1].count()) {
      depth--;
    }
    if (depth == 0) {
      return false;
    }
    Page branch = path[--depth];
    Page page = down(branch, indexes[depth] + 1);
    while (!page.isLeaf()) {
      page = down(page, 0);
    }
    push(page, 0);
    return true;
  }

  private Page down(Page branch, int index) {
    push(branch, index);
    return pages.child(branch, index, depth);
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
