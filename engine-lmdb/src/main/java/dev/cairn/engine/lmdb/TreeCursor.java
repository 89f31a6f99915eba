package dev.cairn.engine.lmdb;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.ToIntFunction;

/**
 * Walks one tree of a {@link Version} in key order. Whatever the bytes are, it ends: the depth is
 * bounded, and each key must be greater than the one before. One thread at a time.
 *
 * <p>Of branches only the way down is kept, by page number; the leaf is copied, so that the current
 * entry can be looked at between calls.
 */
final class TreeCursor {
  static final int DEPTH_MAX = 32;

  private final Version version;
  private final TreeHead head;
  private final boolean byNumber;
  private final int leafLevel;
  private final Page[] pages;
  private final long[] numbers;
  private final int[] index;
  private boolean started;
  private boolean onEntry;

  TreeCursor(Version version, TreeHead head) {
    this.version = version;
    this.head = head;
    if (head.depth() > DEPTH_MAX || head.isEmpty() != (head.depth() == 0)) {
      throw version.corrupt(0, "a tree has an impossible depth of " + head.depth());
    }
    byNumber = (head.flags() & Meta.INTEGER_KEY) != 0;
    leafLevel = head.depth() - 1;
    pages = new Page[head.depth()];
    numbers = new long[head.depth()];
    index = new int[head.depth()];
    for (int i = 0; i < pages.length; i++) {
      pages[i] = version.newPage();
    }
  }

  TreeHead head() {
    return head;
  }

  /** The value at a key, a fresh array; null when it is absent. The cursor is on no entry then. */
  byte[] get(byte[] key) {
    onEntry = false;
    if (head.isEmpty()) {
      return null;
    }
    version.source().enter();
    try {
      descendBranches(0, head.root(), page -> search(page, key));
      Page leaf = leaf();
      version.show(numbers[leafLevel], true, leaf);
      int at = search(leaf, key);
      if (at == leaf.count()) {
        return null;
      }
      leaf.select(at);
      return leaf.compare(key, byNumber) == 0 ? value(leaf) : null;
    } finally {
      version.source().exit();
    }
  }

  /** Moves to the first entry whose key is not less than the given one. */
  boolean seek(byte[] key) {
    return start(page -> search(page, key));
  }

  boolean first() {
    return start(page -> 0);
  }

  /** Moves to the last entry; what is before it is not looked at. */
  boolean last() {
    return start(page -> page.count() - 1);
  }

  /** Moves to the next entry when it is on the same page as the current one. */
  boolean nextInPage() {
    if (!onEntry || leaf().selected() + 1 >= leaf().count()) {
      return false;
    }
    checkOrder(leaf().selectNext(byNumber));
    return true;
  }

  boolean next() {
    if (!started) {
      return first();
    }
    if (!onEntry || nextInPage()) {
      return onEntry;
    }
    byte[] before = leaf().key();
    boolean found = nextPage();
    checkOrder(!found || leaf().compare(before, byNumber) > 0);
    return found;
  }

  boolean isOnEntry() {
    return onEntry;
  }

  /** The leaf that the current entry is on, with that entry selected. */
  Page leaf() {
    return pages[leafLevel];
  }

  boolean isAt(byte[] key) {
    return leaf().compare(key, byNumber) == 0;
  }

  /** The value; a fresh array. */
  byte[] value() {
    return value(leaf());
  }

  private byte[] value(Page leaf) {
    return leaf.isBig() ? version.bigValue(leaf.overflowPage(), leaf.valueBytes()) : leaf.value();
  }

  /** The number that the value starts with. */
  long valueNumber() {
    if (!leaf().isBig()) {
      return leaf().valueNumber();
    }
    ByteBuffer start = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    version.readBigValue(leaf().overflowPage(), start);
    return start.getLong(0);
  }

  private boolean start(ToIntFunction<Page> choice) {
    started = true;
    onEntry = false;
    return !head.isEmpty() && descend(0, head.root(), choice);
  }

  /** Goes down to a leaf; when the choice there is behind its end, on to the next one. */
  private boolean descend(int from, long root, ToIntFunction<Page> choice) {
    int at;
    version.source().enter();
    try {
      descendBranches(from, root, choice);
      version.load(numbers[leafLevel], true, leaf());
      at = choice.applyAsInt(leaf());
    } finally {
      version.source().exit();
    }
    if (at == leaf().count()) {
      return nextPage();
    }
    leaf().select(at);
    onEntry = true;
    return true;
  }

  private void descendBranches(int from, long root, ToIntFunction<Page> choice) {
    numbers[from] = root;
    for (int level = from; level < leafLevel; level++) {
      Page page = pages[level];
      version.show(numbers[level], false, page);
      index[level] = choice.applyAsInt(page);
      page.select(index[level]);
      numbers[level + 1] = page.child();
    }
  }

  private boolean nextPage() {
    onEntry = false;
    for (int level = leafLevel - 1; level >= 0; level--) {
      long sibling = nextChild(level);
      if (sibling >= 0) {
        return descend(level + 1, sibling, leftmost -> 0);
      }
    }
    return false;
  }

  /** Moves a branch on by one; gives the child there, or -1 behind its end. */
  private long nextChild(int level) {
    Page branch = pages[level];
    version.source().enter();
    try {
      version.show(numbers[level], false, branch);
      if (++index[level] == branch.count()) {
        return -1;
      }
      branch.select(index[level]);
      return branch.child();
    } finally {
      version.source().exit();
    }
  }

  /** In a leaf the first entry not below the key, in a branch the child that may hold it. */
  private int search(Page page, byte[] key) {
    boolean leaf = page.isLeaf();
    long prefix = Page.prefix(key);
    int low = leaf ? 0 : 1;
    int high = page.count();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = byNumber ? orderByNumber(page, middle, key) : page.order(middle, key, prefix);
      if (order < 0 || (order == 0 && !leaf)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return leaf ? low : low - 1;
  }

  private static int orderByNumber(Page page, int index, byte[] key) {
    page.select(index);
    return page.compare(key, true);
  }

  private void checkOrder(boolean rises) {
    if (!rises) {
      throw version.corrupt(leaf().number(), "page " + leaf().number() + " has keys out of order");
    }
  }
}
