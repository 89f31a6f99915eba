package dev.cairn.bbolt;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides where the nodes of one tree end and which page each gets ({@link ImageRules}). It sees
 * lengths only, so the pass that plans touches no content, and the pass that pours follows the very
 * same decisions.
 */
final class TreeShape {
  /** What happens to the nodes that are being filled, one on each level; leaves are level 0. */
  interface Nodes {
    /** The node of a level is full: write it as a page; the next element starts another one. */
    void close(int level, long page);

    /** The node that closed last on the level below becomes a child of this level's node. */
    void adopt(int level, long childPage);
  }

  /** The node that is being filled on one level, and whether it is the first there. */
  private static final class Level {
    private long sizeBytes = Layout.PAGE_HEADER_BYTES;
    private int elements;
    private int firstKeyBytes;
    private boolean first = true;

    void add(int keyBytes, long elementBytes) {
      if (elements == 0) {
        firstKeyBytes = keyBytes;
      }
      sizeBytes += elementBytes;
      elements++;
    }

    boolean exceedsWith(long elementBytes) {
      return sizeBytes + elementBytes > ImageRules.PAGE_SIZE_BYTES;
    }

    void startNext() {
      sizeBytes = Layout.PAGE_HEADER_BYTES;
      elements = 0;
      first = false;
    }
  }

  private final PageNumbers numbers;
  private final Nodes nodes;
  private final List<Level> levels = new ArrayList<>();

  TreeShape(PageNumbers numbers, Nodes nodes) {
    this.numbers = numbers;
    this.nodes = nodes;
    levels.add(new Level());
  }

  /** Takes the lengths of the next entry; the caller then puts its bytes into the leaf. */
  void entry(int keyBytes, long valueBytes) {
    Level leaf = levels.get(0);
    long elementBytes = Layout.ELEMENT_BYTES + keyBytes + valueBytes;
    if (leaf.elements > 0 && leaf.exceedsWith(elementBytes)) {
      close(0);
    }
    leaf.add(keyBytes, elementBytes);
  }

  /** How large the leaf is that is being filled, in bytes. */
  long leafBytes() {
    return levels.get(0).sizeBytes;
  }

  /** Whether a tree that ended now would be one leaf that fits into a bucket's header. */
  boolean isInline() {
    return levels.get(0).first && leafBytes() <= ImageRules.INLINE_BYTES_MAX;
  }

  /** Ends every level from the leaves up, and gives the root's page. */
  long end() {
    int level = 0;
    while (!levels.get(level).first) {
      close(level);
      level++;
    }
    return write(level);
  }

  private void close(int index) {
    long page = write(index);
    Level level = levels.get(index);
    int keyBytes = level.firstKeyBytes;
    level.startNext();
    adopt(index + 1, keyBytes, page);
  }

  private long write(int index) {
    long page = numbers.take(ImageRules.pages(levels.get(index).sizeBytes));
    nodes.close(index, page);
    return page;
  }

  private void adopt(int index, int keyBytes, long childPage) {
    if (index == levels.size()) {
      levels.add(new Level());
    }
    Level level = levels.get(index);
    long elementBytes = Layout.ELEMENT_BYTES + keyBytes;
    boolean mayClose = level.elements >= ImageRules.BRANCH_CHILDREN_MIN;
    if (mayClose && level.exceedsWith(elementBytes)) {
      close(index);
    }
    level.add(keyBytes, elementBytes);
    nodes.adopt(index, childPage);
  }
}
