package dev.cairn.engine.mapdb;

import java.util.Arrays;

/**
 * Reads a MapDB {@code BTreeMap} whose values are {@link Values}. A tree only grows: leaves that
 * deletes have emptied stay. Used by one thread at a time.
 */
final class Tree {
  /** A node of at least two children on every level would make more nodes than a file holds. */
  private static final int DEPTH_MAX = 64;

  private final Records records;
  private final long rootHolder;

  /**
   * A tree.
   *
   * @param rootHolder the record that holds the number of the root's record
   */
  Tree(Records records, long rootHolder) {
    this.records = records;
    this.rootHolder = rootHolder;
  }

  Node node(long record) {
    return new Node(records.pages(), records.read(record));
  }

  /** The leaf that a key belongs to. */
  Node leafFor(byte[] key) {
    Node node = node(root());
    int depth = 0;
    while (true) {
      if (node.isBelow(key)) {
        node = right(node);
      } else if (node.isDirectory()) {
        checkDepth(++depth);
        node = node(node.childFor(key));
      } else {
        return node;
      }
    }
  }

  long root() {
    return records.readNumber(rootHolder);
  }

  /** The node to the right, whose keys must be higher: so no walk goes in circles. */
  Node right(Node node) {
    Node next = node(node.right());
    boolean rises =
        next.isRightEdge() || Arrays.compareUnsigned(node.highKey(), next.highKey()) < 0;
    if (!rises || next.isDirectory() != node.isDirectory()) {
      throw records.pages().corrupt(0, "the nodes of a tree are out of order");
    }
    return next;
  }

  private void checkDepth(int depth) {
    if (depth > DEPTH_MAX) {
      throw records.pages().corrupt(0, "a tree is too deep");
    }
  }

  /** The value at a key, or null. */
  byte[] get(byte[] key) {
    byte[] stored = stored(key);
    return stored == null ? null : Values.read(stored, records);
  }

  /** What the tree holds at a key, or null. */
  byte[] stored(byte[] key) {
    Node leaf = leafFor(key);
    int entry = leaf.entryFrom(key);
    return leaf.isAt(entry, key) ? leaf.value(entry) : null;
  }

  /** The last key, or null. */
  byte[] lastKey() {
    return lastKey(root(), 0);
  }

  private byte[] lastKey(long record, int depth) {
    checkDepth(depth);
    Node node = node(record);
    if (!node.isDirectory()) {
      return node.size() == 0 ? null : node.key(node.size() - 1);
    }
    for (int i = node.children().length; i-- > 0; ) {
      byte[] key = lastKey(node.children()[i], depth + 1);
      if (key != null) {
        return key;
      }
    }
    return null;
  }

  TreeCursor cursor() {
    return new TreeCursor(this, records);
  }

  /** Is told of what a tree consists of. */
  interface Visitor {
    /**
     * A record of the tree; whatever hangs on it was told before.
     *
     * @param record a node, or a value of its own
     */
    void record(long record);
  }

  /** Visits every record of the tree but the one that holds the root's number. */
  void visit(Visitor visitor) {
    visit(root(), 0, visitor);
  }

  private void visit(long record, int depth, Visitor visitor) {
    checkDepth(depth);
    Node node = node(record);
    if (node.isDirectory()) {
      for (long child : node.children()) {
        visit(child, depth + 1, visitor);
      }
    } else {
      for (int i = 0; i < node.size(); i++) {
        long own = Values.ownRecord(node.value(i));
        if (own != 0) {
          visitor.record(own);
        }
      }
    }
    visitor.record(record);
  }
}
