package dev.cairn.testkit;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * An immutable map from byte strings to byte strings in unsigned order: a balanced binary tree of
 * which a change copies one path, so that every older map stays as it was at no cost.
 */
final class SortedBytes {
  static final SortedBytes EMPTY = new SortedBytes(null, 0, 0);

  private final Node root;
  private final long size;
  private final long sizeBytes;

  private SortedBytes(Node root, long size, long sizeBytes) {
    this.root = root;
    this.size = size;
    this.sizeBytes = sizeBytes;
  }

  long size() {
    return size;
  }

  /** Keys and values together. */
  long sizeBytes() {
    return sizeBytes;
  }

  /** The value at a key, or null. */
  byte[] get(byte[] key) {
    Node node = root;
    while (node != null) {
      int order = Arrays.compareUnsigned(key, node.key);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  /** The last key, or null. */
  byte[] lastKey() {
    Node node = root;
    while (node != null && node.right != null) {
      node = node.right;
    }
    return node == null ? null : node.key;
  }

  SortedBytes with(byte[] key, byte[] value) {
    byte[] old = get(key);
    long moreBytes = old == null ? key.length + value.length : (long) value.length - old.length;
    return new SortedBytes(
        put(root, key, value), size + (old == null ? 1 : 0), sizeBytes + moreBytes);
  }

  SortedBytes without(byte[] key) {
    byte[] old = get(key);
    if (old == null) {
      return this;
    }
    return new SortedBytes(remove(root, key), size - 1, sizeBytes - key.length - old.length);
  }

  int height() {
    return height(root);
  }

  Walk walk() {
    return new Walk();
  }

  private static Node put(Node node, byte[] key, byte[] value) {
    if (node == null) {
      return new Node(key, value, null, null);
    }
    int order = Arrays.compareUnsigned(key, node.key);
    if (order == 0) {
      return new Node(key, value, node.left, node.right);
    }
    return order < 0
        ? balanced(node, put(node.left, key, value), node.right)
        : balanced(node, node.left, put(node.right, key, value));
  }

  private static Node remove(Node node, byte[] key) {
    int order = Arrays.compareUnsigned(key, node.key);
    if (order < 0) {
      return balanced(node, remove(node.left, key), node.right);
    }
    if (order > 0) {
      return balanced(node, node.left, remove(node.right, key));
    }
    if (node.left == null || node.right == null) {
      return node.left == null ? node.right : node.left;
    }
    Node heir = node.right;
    while (heir.left != null) {
      heir = heir.left;
    }
    return balanced(heir, node.left, remove(node.right, heir.key));
  }

  /** A node of this entry over two subtrees whose heights differ by at most two. */
  private static Node balanced(Node entry, Node left, Node right) {
    int lean = height(left) - height(right);
    if (lean > 1) {
      Node inner = left.right;
      if (height(left.left) >= height(inner)) {
        return new Node(left, left.left, new Node(entry, inner, right));
      }
      return new Node(
          inner, new Node(left, left.left, inner.left), new Node(entry, inner.right, right));
    }
    if (lean < -1) {
      Node inner = right.left;
      if (height(right.right) >= height(inner)) {
        return new Node(right, new Node(entry, left, inner), right.right);
      }
      return new Node(
          inner, new Node(entry, left, inner.left), new Node(right, inner.right, right.right));
    }
    return new Node(entry, left, right);
  }

  private static int height(Node node) {
    return node == null ? 0 : node.height;
  }

  private static final class Node {
    private final byte[] key;
    private final byte[] value;
    private final Node left;
    private final Node right;
    private final int height;

    Node(byte[] key, byte[] value, Node left, Node right) {
      this.key = key;
      this.value = value;
      this.left = left;
      this.right = right;
      this.height = 1 + Math.max(height(left), height(right));
    }

    Node(Node entry, Node left, Node right) {
      this(entry.key, entry.value, left, right);
    }
  }

  /** A position in this map: before the first entry, on one, or behind the last. */
  final class Walk {
    /** The current node on top; beneath it, nearest first, those still to come. */
    private final Deque<Node> path = new ArrayDeque<>();

    private boolean started;

    boolean next() {
      if (!started) {
        return seek(new byte[0]);
      }
      if (path.isEmpty()) {
        return false;
      }
      descend(path.pop().right);
      return onEntry();
    }

    boolean seek(byte[] key) {
      started = true;
      path.clear();
      Node node = root;
      while (node != null) {
        if (Arrays.compareUnsigned(key, node.key) <= 0) {
          path.push(node);
          node = node.left;
        } else {
          node = node.right;
        }
      }
      return onEntry();
    }

    private void descend(Node from) {
      for (Node node = from; node != null; node = node.left) {
        path.push(node);
      }
    }

    boolean onEntry() {
      return !path.isEmpty();
    }

    byte[] key() {
      return path.element().key;
    }

    byte[] value() {
      return path.element().value;
    }
  }
}
