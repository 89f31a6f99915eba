package dev.cairn.engine.h2;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.Arrays;
import org.h2.mvstore.Page;

/**
 * Walks one of MVStore's trees. It believes no page: depth is bounded and keys must rise, so that a
 * damaged tree ends in {@code corrupt} and not in a ring.
 *
 * <p>In a node the key at an index is the first one of the child at the next index.
 */
final class TreeCursor {
  /** A tree of two children a node would hold more than any file. */
  private static final int DEPTH_MAX = 64;

  private final Path path;
  private final Page<byte[], byte[]> root;
  private Object[] pages = new Object[4];
  private int[] indexes = new int[4];
  private int depth;
  private Page<byte[], byte[]> leaf;
  private int index = -1;

  TreeCursor(Path path, Page<byte[], byte[]> root) {
    this.path = path;
    this.root = root;
  }

  boolean isOnEntry() {
    return leaf != null && index >= 0 && index < leaf.getKeyCount();
  }

  byte[] key() {
    return leaf.getKey(index);
  }

  byte[] value() {
    return leaf.getValue(index);
  }

  /** Moves to the first key that is not less. */
  boolean seek(byte[] key) {
    Page<byte[], byte[]> page = root;
    depth = 0;
    while (!page.isLeaf()) {
      int at = find(page, key);
      page = descend(page, at < 0 ? -at - 1 : at + 1);
    }
    leaf = page;
    int at = find(page, key);
    index = at < 0 ? -at - 1 : at;
    return isOnEntry() || nextLeaf(null);
  }

  /** Moves on, if only within the page, which touches nothing else. */
  boolean nextInPage() {
    if (leaf == null || index + 1 >= leaf.getKeyCount()) {
      return false;
    }
    index++;
    checkRises(leaf.getKey(index - 1), leaf.getKey(index));
    return true;
  }

  boolean next() {
    if (leaf == null) {
      return first();
    }
    if (nextInPage()) {
      return true;
    }
    byte[] last = isOnEntry() ? key() : null;
    return last != null && nextLeaf(last);
  }

  private boolean first() {
    depth = 0;
    leaf = firstLeaf(root);
    index = 0;
    return isOnEntry() || nextLeaf(null);
  }

  boolean last() {
    Page<byte[], byte[]> page = root;
    depth = 0;
    while (!page.isLeaf()) {
      page = descend(page, page.getKeyCount());
    }
    leaf = page;
    index = page.getKeyCount() - 1;
    return isOnEntry();
  }

  private boolean nextLeaf(byte[] after) {
    byte[] before =
        after == null && leaf.getKeyCount() > 0 ? leaf.getKey(leaf.getKeyCount() - 1) : after;
    while (depth > 0) {
      Page<byte[], byte[]> node = page(depth - 1);
      int child = indexes[depth - 1] + 1;
      depth--;
      if (child <= node.getKeyCount()) {
        leaf = firstLeaf(descend(node, child));
        index = 0;
        if (isOnEntry()) {
          checkRises(before, key());
          return true;
        }
      }
    }
    index = leaf.getKeyCount();
    return false;
  }

  private Page<byte[], byte[]> firstLeaf(Page<byte[], byte[]> from) {
    Page<byte[], byte[]> page = from;
    while (!page.isLeaf()) {
      page = descend(page, 0);
    }
    return page;
  }

  private Page<byte[], byte[]> descend(Page<byte[], byte[]> node, int child) {
    if (depth == DEPTH_MAX) {
      throw corrupt("a tree is deeper than can be");
    }
    if (depth == pages.length) {
      pages = Arrays.copyOf(pages, depth * 2);
      indexes = Arrays.copyOf(indexes, depth * 2);
    }
    pages[depth] = node;
    indexes[depth] = child;
    depth++;
    return node.getChildPage(child);
  }

  @SuppressWarnings("unchecked")
  private Page<byte[], byte[]> page(int at) {
    return (Page<byte[], byte[]>) pages[at];
  }

  /** As {@code Arrays.binarySearch} tells it. */
  private static int find(Page<byte[], byte[]> page, byte[] key) {
    int low = 0;
    int high = page.getKeyCount() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Arrays.compareUnsigned(page.getKey(middle), key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  private void checkRises(byte[] before, byte[] key) {
    if (before != null && Arrays.compareUnsigned(before, key) >= 0) {
      throw corrupt("keys are out of order");
    }
  }

  private StorageException corrupt(String what) {
    return StorageException.of(Code.CORRUPT, path, what);
  }
}
