package dev.cairn.engine.bbolt;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.ArrayList;
import java.util.List;

/**
 * What one commit has done so far: pages that it took and wrote, pages that it frees. Nothing of it
 * is seen or lasts before the commit's meta page names it.
 */
final class Staging {
  private final PageStore pages;
  private final FreePages free;
  private final PageWriter out;

  /** New pages for the cache, as far as they fit. */
  private final List<Page> fresh = new ArrayList<>();

  private long freshBytes;

  Staging(PageStore pages, FreePages free, PageWriter out) {
    this.pages = pages;
    this.free = free;
    this.out = out;
  }

  PageStore pages() {
    return pages;
  }

  int pageSizeBytes() {
    return pages.pageSizeBytes();
  }

  /** Frees the pages of a node; an inline one has none. */
  void retire(Page page) {
    if (page.pageCount() > 0) {
      free.free(page.id(), page.pageCount());
    }
  }

  /** Frees every page of a tree. */
  void retireTree(Page page, int depth) {
    for (int i = 0; !page.isLeaf() && i < page.count(); i++) {
      retireTree(pages.child(page, i, depth), depth + 1);
    }
    retire(page);
  }

  /** Gives a node its page and writes it there. */
  long seal(Draft node) {
    byte[] bytes = encodable(node.sizeBytes());
    int count = bytes.length / pageSizeBytes();
    int id = free.allocate(count);
    node.encode(bytes, id, count);
    write(id, bytes);
    boolean whole = count == 1 || bytes.length <= Page.WHOLE_BYTES_MAX;
    if (whole && freshBytes + bytes.length <= pages.cache().bytesMax()) {
      fresh.add(new Page(pages, id, count, bytes, true));
      freshBytes += bytes.length;
    }
    return id;
  }

  private byte[] encodable(long sizeBytes) {
    long rounded = (sizeBytes + pageSizeBytes() - 1) / pageSizeBytes() * pageSizeBytes();
    if (rounded > Integer.MAX_VALUE - 8) {
      throw StorageException.of(
          Code.LIMIT, pages.path(), "a node of " + sizeBytes + " bytes is too large for memory");
    }
    return new byte[(int) rounded];
  }

  /** Writes pages that were just taken; what the cache holds of them is of their past. */
  private void write(int id, byte[] bytes) {
    pages.cache().remove(id);
    out.write(id, bytes);
  }

  /** Stores the list of all pages that are not used after this commit. */
  Freelist writeFreelist() {
    int count = Freelist.pagesFor(free.unusedCount(), pageSizeBytes());
    int id = free.allocate(count);
    write(id, Freelist.encode(free.unused(), id, count, pageSizeBytes()));
    return new Freelist(id, count, free.unused());
  }

  /** The commit is done: readers will come for these. */
  void fillCache() {
    fresh.forEach(pages.cache()::put);
  }
}
