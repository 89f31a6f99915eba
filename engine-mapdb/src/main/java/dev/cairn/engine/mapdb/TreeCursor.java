package dev.cairn.engine.mapdb;

import java.nio.ByteBuffer;

/** Walks the entries of a tree. Used by one thread at a time. */
final class TreeCursor {
  private static final byte[] FIRST = {};

  private final Tree tree;
  private final Records records;
  private Node leaf;
  private int entry;
  private boolean behind;

  TreeCursor(Tree tree, Records records) {
    this.tree = tree;
    this.records = records;
  }

  /** Moves to the first entry whose key is not less than the given one; false if there is none. */
  boolean seek(byte[] key) {
    leaf = null;
    Node found = tree.leafFor(key);
    return settle(found, found.entryFrom(key));
  }

  /** Moves to the next entry, or to the first one. */
  boolean next() {
    if (behind) {
      return false;
    }
    return leaf == null ? seek(FIRST) : settle(leaf, entry + 1);
  }

  /** Moves to the next entry of the same leaf, which reads no page; false with no effect else. */
  boolean nextInLeaf() {
    if (leaf == null || entry + 1 >= leaf.size()) {
      return false;
    }
    entry++;
    return true;
  }

  private boolean settle(Node from, int at) {
    Node node = from;
    int index = at;
    while (index >= node.size()) {
      if (node.isRightEdge()) {
        leaf = null;
        behind = true;
        return false;
      }
      node = tree.right(node);
      index = 0;
    }
    leaf = node;
    entry = index;
    behind = false;
    return true;
  }

  boolean isOnEntry() {
    return leaf != null;
  }

  byte[] key() {
    return leaf.key(entry);
  }

  /** The value where it stands in its leaf, which reads no page; null where it has a record. */
  ByteBuffer shownValue() {
    return leaf.shownValue(entry);
  }

  byte[] value() {
    return Values.read(leaf.value(entry), records);
  }
}
