package dev.cairn.engine.bbolt;

import dev.cairn.spi.StorageException;
import java.util.Arrays;

/**
 * Looks at the bytes of a branch or a leaf before they are used: after it no number in them can
 * lead outside the page, and the keys rise.
 */
final class PageCheck {
  private static final long UINT = 0xffffffffL;

  private final PageStore store;
  private final byte[] bytes;
  private final long offsetBytes;

  /**
   * @param bytes the page from its header on, its table at least
   * @param offsetBytes where in the file it stands, for messages
   */
  PageCheck(PageStore store, byte[] bytes, long offsetBytes) {
    this.store = store;
    this.bytes = bytes;
    this.offsetBytes = offsetBytes;
  }

  /** Whose header says that it is this page; returns how many pages it takes. */
  int header(long id) {
    if (Page.idOf(bytes) != id) {
      throw corrupt(
          "page " + id + " says that it is page " + Long.toUnsignedString(Page.idOf(bytes)));
    }
    int flags = Page.flags(bytes);
    if (flags != Layout.FLAG_LEAF && flags != Layout.FLAG_BRANCH) {
      throw corrupt(
          "page "
              + id
              + " is neither branch nor leaf, its flags are 0x"
              + Integer.toHexString(flags));
    }
    long overflow = Page.overflow(bytes);
    if (overflow >= store.highWaterPages() - id) {
      throw corrupt("page " + id + " goes on over " + overflow + " pages, past the last");
    }
    return (int) overflow + 1;
  }

  /** How long header and table are, which must fit the page. */
  int tableBytes(long sizeBytes) {
    long tableBytes = Layout.PAGE_HEADER_BYTES + (long) Page.count(bytes) * Layout.ELEMENT_BYTES;
    if (tableBytes > sizeBytes) {
      throw corrupt("a page of " + sizeBytes + " bytes has " + Page.count(bytes) + " elements");
    }
    return (int) tableBytes;
  }

  /**
   * Elements one behind the other, within the page, with keys that rise. An element is read as two
   * numbers of 8 bytes: this loop is most of what a page costs that was not in the cache.
   */
  void elements(Page page, long sizeBytes) {
    long least = Page.elementAt(page.count());
    long startBefore = 0;
    int keyBytesBefore = 0;
    for (int i = 0; i < page.count(); i++) {
      int at = Page.elementAt(i);
      long first = Page.longAt(bytes, at);
      long second = Page.longAt(bytes, at + Long.BYTES);
      long start = at + (page.isLeaf() ? first >>> 32 : first & UINT);
      int keyBytes = (int) (page.isLeaf() ? second : first >>> 32);
      if (keyBytes <= 0 || keyBytes > Layout.KEY_BYTES_MAX) {
        throw corrupt(i, "has a key of " + Integer.toUnsignedString(keyBytes) + " bytes");
      }
      long end = start + keyBytes + (page.isLeaf() ? second >>> 32 : 0);
      if (start < least || end > sizeBytes) {
        throw corrupt(i, "lies outside its page or over another element");
      }
      if (i > 0 && !rises(page, i, startBefore, keyBytesBefore, start, keyBytes)) {
        throw corrupt(i, "has a key that is not above the one before it");
      }
      if (page.isLeaf()) {
        leafElement((int) first, i);
      } else {
        branchElement(second, i);
      }
      least = end;
      startBefore = start;
      keyBytesBefore = keyBytes;
    }
  }

  private boolean rises(
      Page page, int index, long startBefore, int keyBytesBefore, long start, int keyBytes) {
    if (!page.isWhole()) {
      return page.compareKey(index, page, index - 1) > 0;
    }
    int from = (int) startBefore;
    int to = (int) start;
    return Arrays.compareUnsigned(bytes, from, from + keyBytesBefore, bytes, to, to + keyBytes) < 0;
  }

  private void leafElement(int flags, int index) {
    if ((flags & ~Layout.ELEMENT_BUCKET) != 0) {
      throw corrupt(index, "has unknown flags " + flags);
    }
  }

  private void branchElement(long child, int index) {
    if (child < Layout.FIRST_PAGE || child >= store.highWaterPages()) {
      throw corrupt(index, store.outside(child));
    }
  }

  private StorageException corrupt(int index, String what) {
    return StorageException.corrupt(
        store.path(), offsetBytes + Page.elementAt(index), "element " + index + " " + what);
  }

  private StorageException corrupt(String what) {
    return StorageException.corrupt(store.path(), offsetBytes, what);
  }
}
