package dev.cairn.engine.bbolt;

import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/** The pages of one file, through a cache. Thread-safe. */
final class PageStore {
  private final DiskFile file;
  private final int pageSizeBytes;
  private final PageCache cache;
  private volatile long highWaterPages;

  PageStore(DiskFile file, int pageSizeBytes, long highWaterPages, PageCache cache) {
    this.file = file;
    this.pageSizeBytes = pageSizeBytes;
    this.highWaterPages = highWaterPages;
    this.cache = cache;
  }

  Path path() {
    return file.path();
  }

  DiskFile file() {
    return file;
  }

  int pageSizeBytes() {
    return pageSizeBytes;
  }

  PageCache cache() {
    return cache;
  }

  long offsetBytes(long page) {
    return page * pageSizeBytes;
  }

  long highWaterPages() {
    return highWaterPages;
  }

  /** Said before pages up to there can be come to. */
  void highWaterPages(long pages) {
    highWaterPages = pages;
  }

  StorageException corrupt(long page, String what) {
    return StorageException.corrupt(path(), offsetBytes(page), what);
  }

  /** For messages. */
  String outside(long page) {
    return "names page %s, and the pages are 2 to %d"
        .formatted(Long.toUnsignedString(page), highWaterPages - 1);
  }

  /** Fails unless a number that stands in the file may be a page of a tree. */
  long checkedId(long page, String where) {
    if (page < Layout.FIRST_PAGE || page >= highWaterPages) {
      throw StorageException.of(StorageException.Code.CORRUPT, path(), where + " " + outside(page));
    }
    return page;
  }

  /** The branch or leaf at a number that was checked. */
  Page load(long id) {
    Page known = cache.get(id);
    if (known != null) {
      return known;
    }
    Page page = fetch(id);
    cache.put(page);
    return page;
  }

  /** The child of a branch; neither a branch nor what is below one may be empty. */
  Page child(Page branch, int index, int depth) {
    if (depth >= Layout.DEPTH_MAX) {
      throw corrupt(branch.id(), "a tree is deeper than " + Layout.DEPTH_MAX + " pages");
    }
    Page child = load(branch.child(index));
    if (child.count() == 0) {
      throw corrupt(child.id(), "page " + child.id() + " has no elements");
    }
    return child;
  }

  /** A root: an empty one is a leaf. */
  Page root(long id) {
    Page root = load(id);
    if (root.count() == 0 && !root.isLeaf()) {
      throw corrupt(id, "page " + id + " has no elements");
    }
    return root;
  }

  private Page fetch(long id) {
    long offset = offsetBytes(id);
    byte[] bytes = new byte[pageSizeBytes];
    read(offset, bytes, 0, pageSizeBytes);
    PageCheck check = new PageCheck(this, bytes, offset);
    int pageCount = check.header(id);
    long sizeBytes = (long) pageCount * pageSizeBytes;
    int tableBytes = check.tableBytes(sizeBytes);
    boolean whole = pageCount == 1 || sizeBytes <= Page.WHOLE_BYTES_MAX;
    int heldBytes = whole ? (int) sizeBytes : tableBytes;
    if (heldBytes != pageSizeBytes) {
      int had = Math.min(heldBytes, pageSizeBytes);
      bytes = Arrays.copyOf(bytes, heldBytes);
      read(offset + had, bytes, had, heldBytes - had);
    }
    Page page = new Page(this, id, pageCount, bytes, whole);
    new PageCheck(this, bytes, offset).elements(page, sizeBytes);
    return page;
  }

  /** The leaf of an inline bucket, which is not in a page of its own. */
  Page inline(byte[] bytes, String bucket) {
    if (bytes.length < Layout.PAGE_HEADER_BYTES
        || Page.flags(bytes) != Layout.FLAG_LEAF
        || Page.overflow(bytes) != 0) {
      throw StorageException.of(
          StorageException.Code.CORRUPT, path(), "inline bucket " + bucket + " is not a leaf");
    }
    PageCheck check = new PageCheck(this, bytes, 0);
    check.tableBytes(bytes.length);
    Page page = new Page(this, 0, 0, bytes, true);
    check.elements(page, bytes.length);
    return page;
  }

  void read(long offset, byte[] into, int at, int length) {
    file.readFully(offset, ByteBuffer.wrap(into, at, length));
  }
}
