package dev.cairn.engine.bbolt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A node that is being made: its entries are pointed at in the pages and the batch that they come
 * from, and are copied once, when it is encoded. One thread at a time.
 */
final class Draft {
  private final boolean leaf;

  /** The flags of entries that come from a batch. */
  private final int newFlags;

  /** A {@link Page} to take the entry from, or a new key. */
  private Object[] sources;

  /** Which entry of that page. */
  private int[] indexes;

  /** The values of new keys, in a leaf. */
  private byte[][] values;

  /** In a branch. */
  private long[] children;

  private int count;
  private long sizeBytes = Layout.PAGE_HEADER_BYTES;

  /** Whether entries went away, so that it may have to be joined with a neighbour. */
  private boolean shrunk;

  /** Whether all that is new came behind the end of the tree, and more will come there. */
  private boolean appended;

  private Draft(boolean leaf, int newFlags, int capacity) {
    this.leaf = leaf;
    this.newFlags = newFlags;
    sources = new Object[capacity];
    indexes = new int[capacity];
    values = leaf ? new byte[capacity][] : null;
    children = leaf ? null : new long[capacity];
  }

  static Draft leaf(int newFlags, int capacity) {
    return new Draft(true, newFlags, capacity);
  }

  static Draft branch(int capacity) {
    return new Draft(false, 0, capacity);
  }

  /** All of a page, to be joined with others. */
  static Draft of(Page page, int newFlags) {
    Draft draft = new Draft(page.isLeaf(), newFlags, page.count());
    draft.add(page, 0, page.count());
    return draft;
  }

  boolean isLeaf() {
    return leaf;
  }

  int count() {
    return count;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  void shrink() {
    shrunk = true;
  }

  boolean isAppended() {
    return appended;
  }

  void append(boolean behindTheEnd) {
    appended = behindTheEnd;
  }

  /** Entries of a page of the same kind, from one index to before another. */
  void add(Page page, int from, int to) {
    room(to - from);
    for (int i = from; i < to; i++) {
      if (!leaf) {
        children[count] = page.child(i);
      }
      sources[count] = page;
      indexes[count] = i;
      count++;
      sizeBytes += Layout.ELEMENT_BYTES + page.entryBytes(i);
    }
  }

  /** A new entry of a leaf. */
  void add(byte[] key, byte[] value) {
    room(1);
    sources[count] = key;
    values[count] = value;
    count++;
    sizeBytes += Layout.ELEMENT_BYTES + key.length + (long) value.length;
  }

  /** A node that has its page by now, under its first key. */
  void add(Draft node, long page) {
    room(1);
    Object source = node.sources[0];
    sources[count] = source;
    indexes[count] = node.indexes[0];
    children[count] = page;
    count++;
    sizeBytes += Layout.ELEMENT_BYTES + keyBytes(count - 1);
  }

  /** All of another node of the same kind. */
  void add(Draft other) {
    room(other.count);
    System.arraycopy(other.sources, 0, sources, count, other.count);
    System.arraycopy(other.indexes, 0, indexes, count, other.count);
    if (leaf) {
      System.arraycopy(other.values, 0, values, count, other.count);
    } else {
      System.arraycopy(other.children, 0, children, count, other.count);
    }
    count += other.count;
    sizeBytes += other.sizeBytes - Layout.PAGE_HEADER_BYTES;
    shrunk |= other.shrunk;
    appended = false;
  }

  private void room(int more) {
    if (count + more > sources.length) {
      resize(Math.max(count + more, count * 3 / 2));
    }
  }

  private void resize(int capacity) {
    sources = Arrays.copyOf(sources, capacity);
    indexes = Arrays.copyOf(indexes, capacity);
    values = leaf ? Arrays.copyOf(values, capacity) : null;
    children = leaf ? null : Arrays.copyOf(children, capacity);
  }

  /** The page of the only child, or of one of them. */
  long child(int index) {
    return children[index];
  }

  private int least() {
    return leaf ? 1 : 2;
  }

  /** Whether it is too small to stay beside a neighbour; bbolt draws the line at a quarter too. */
  boolean isUnderfull(int pageSizeBytes) {
    return shrunk && (count < least() || sizeBytes < pageSizeBytes / 4);
  }

  private int keyBytes(int index) {
    return sources[index] instanceof Page page
        ? page.keyBytes(indexes[index])
        : ((byte[]) sources[index]).length;
  }

  private long entryBytes(int index) {
    if (!leaf) {
      return keyBytes(index);
    }
    return sources[index] instanceof Page page
        ? page.entryBytes(indexes[index])
        : ((byte[]) sources[index]).length + (long) values[index].length;
  }

  /**
   * Cuts it into nodes that each fit a page, but for an entry that is longer than that, and for the
   * two that a branch has at least. What grows at its end is packed, as nothing will come into its
   * middle; anything else is cut into equal parts.
   */
  List<Draft> split(int pageSizeBytes) {
    if (sizeBytes <= pageSizeBytes || count <= least()) {
      return List.of(this);
    }
    long bodyMax = pageSizeBytes - Layout.PAGE_HEADER_BYTES;
    long body = sizeBytes - Layout.PAGE_HEADER_BYTES;
    long parts = (body + bodyMax - 1) / bodyMax;
    long goal = appended ? bodyMax : (body + parts - 1) / parts;
    List<Draft> pieces = new ArrayList<>();
    int from = 0;
    long had = 0;
    for (int i = 0; i < count; i++) {
      long more = Layout.ELEMENT_BYTES + entryBytes(i);
      boolean reached = had + more / 2 >= goal && !appended && pieces.size() + 1 < parts;
      boolean enough = reached || had + more > bodyMax;
      if (enough && i - from >= least() && count - i >= least()) {
        pieces.add(slice(from, i));
        from = i;
        had = 0;
      }
      had += more;
    }
    pieces.add(slice(from, count));
    return pieces;
  }

  private Draft slice(int from, int to) {
    Draft piece = new Draft(leaf, newFlags, 0);
    piece.sources = Arrays.copyOfRange(sources, from, to);
    piece.indexes = Arrays.copyOfRange(indexes, from, to);
    piece.values = leaf ? Arrays.copyOfRange(values, from, to) : null;
    piece.children = leaf ? null : Arrays.copyOfRange(children, from, to);
    piece.count = to - from;
    for (int i = 0; i < piece.count; i++) {
      piece.sizeBytes += Layout.ELEMENT_BYTES + piece.entryBytes(i);
    }
    return piece;
  }

  /**
   * Writes it as a page.
   *
   * @param into all zeros, and long enough
   */
  void encode(byte[] into, long id, int pageCount) {
    int flags = leaf ? Layout.FLAG_LEAF : Layout.FLAG_BRANCH;
    Page.putHeader(into, id, flags, count, Math.max(0, pageCount - 1));
    int at = Page.elementAt(count);
    for (int i = 0; i < count; ) {
      int end = runEnd(i);
      at = end > i ? encodeRun(into, at, i, end) : encodeEntry(into, at, i);
      i = Math.max(end, i + 1);
    }
  }

  /** Up to where entries stand in one page as they do here; the index itself where they do not. */
  private int runEnd(int from) {
    if (!(sources[from] instanceof Page page) || !page.isWhole() || page.isLeaf() != leaf) {
      return from;
    }
    int end = from + 1;
    while (end < count
        && sources[end] == page
        && indexes[end] - indexes[from] == end - from
        && page.follows(indexes[end])) {
      end++;
    }
    return end;
  }

  /** Entries and their part of the table as a whole: only where they are is another number. */
  private int encodeRun(byte[] into, int at, int from, int end) {
    Page page = (Page) sources[from];
    int element = Page.elementAt(from);
    int moved = at - element - page.positionBytes(indexes[from]);
    page.copyElements(indexes[from], end - from, into, element);
    int posAt = leaf ? Layout.LEAF_POS_AT : Layout.BRANCH_POS_AT;
    for (int i = from; i < end; i++, element += Layout.ELEMENT_BYTES) {
      if (moved != 0) {
        Page.addInt(into, element + posAt, moved);
      }
      if (!leaf) {
        Page.putLong(into, element + Layout.BRANCH_CHILD_AT, children[i]);
      }
    }
    return at + page.copyEntries(indexes[from], end - from, into, at);
  }

  private int encodeEntry(byte[] into, int at, int index) {
    int element = Page.elementAt(index);
    int entryBytes = (int) entryBytes(index);
    if (leaf) {
      encodeLeafElement(into, element, at, index);
    } else {
      Page.putInt(into, element + Layout.BRANCH_POS_AT, at - element);
      Page.putInt(into, element + Layout.BRANCH_KEY_BYTES_AT, entryBytes);
      Page.putLong(into, element + Layout.BRANCH_CHILD_AT, children[index]);
    }
    copyEntry(index, into, at);
    return at + entryBytes;
  }

  private void encodeLeafElement(byte[] into, int element, int at, int index) {
    int keyBytes = keyBytes(index);
    int entryFlags =
        sources[index] instanceof Page page ? page.elementFlags(indexes[index]) : newFlags;
    Page.putInt(into, element + Layout.LEAF_FLAGS_AT, entryFlags);
    Page.putInt(into, element + Layout.LEAF_POS_AT, at - element);
    Page.putInt(into, element + Layout.LEAF_KEY_BYTES_AT, keyBytes);
    Page.putInt(into, element + Layout.LEAF_VALUE_BYTES_AT, (int) (entryBytes(index) - keyBytes));
  }

  private void copyEntry(int index, byte[] into, int at) {
    if (sources[index] instanceof Page page) {
      if (leaf || !page.isLeaf()) {
        page.copyEntry(indexes[index], into, at);
      } else {
        page.copyKey(indexes[index], into, at);
      }
      return;
    }
    byte[] key = (byte[]) sources[index];
    System.arraycopy(key, 0, into, at, key.length);
    if (leaf) {
      System.arraycopy(values[index], 0, into, at + key.length, values[index].length);
    }
  }
}
