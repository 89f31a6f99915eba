package dev.cairn.bbolt;

import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the pages of a file, of which a bounded number is kept. One thread at a time. Every number
 * of a page's header is checked before it is used.
 */
final class Pages {
  /** A body up to this long is read at once; of a longer one only the table of its elements. */
  static final int WHOLE_BYTES_MAX = 64 << 10;

  private static final int CACHE_BYTES_MAX = 1 << 20;

  private final DiskFile file;
  private final ReadAhead ahead;
  private final BoltMeta meta;
  private final Map<Long, Page> cache = new LinkedHashMap<>(64, 0.75f, true);
  private long cachedBytes;

  Pages(DiskFile file, BoltMeta meta) {
    this.file = file;
    this.ahead = new ReadAhead(file, meta.highWaterPages() * meta.pageSizeBytes());
    this.meta = meta;
  }

  static boolean inside(long page, long highWaterPages) {
    return page >= Layout.FIRST_PAGE && page < highWaterPages;
  }

  Path path() {
    return file.path();
  }

  BoltMeta meta() {
    return meta;
  }

  long offsetBytes(long page) {
    return page * meta.pageSizeBytes();
  }

  StorageException corrupt(long offsetBytes, String what) {
    return StorageException.corrupt(path(), offsetBytes, what);
  }

  /** Fails unless a page id that stands at an offset may be the id of a tree's page. */
  long checkedId(long page, long foundAtBytes) {
    if (!inside(page, meta.highWaterPages())) {
      throw corrupt(
          foundAtBytes,
          "names page "
              + Long.toUnsignedString(page)
              + ", and the pages are 2 to "
              + (meta.highWaterPages() - 1));
    }
    return page;
  }

  /** The branch or leaf at an id that was checked. */
  Page load(long id) {
    Page known = cache.get(id);
    if (known != null) {
      return known;
    }
    Page page = read(id);
    keep(page);
    return page;
  }

  private void keep(Page page) {
    if (page.heldBytes() > WHOLE_BYTES_MAX) {
      return;
    }
    cache.put(page.id(), page);
    cachedBytes += page.heldBytes();
    Iterator<Page> oldest = cache.values().iterator();
    while (cachedBytes > CACHE_BYTES_MAX) {
      cachedBytes -= oldest.next().heldBytes();
      oldest.remove();
    }
  }

  private Page read(long id) {
    long offset = offsetBytes(id);
    ByteBuffer first = bytes(offset, meta.pageSizeBytes());
    PageHeader header = PageHeader.of(first);
    long sizeBytes = extentBytes(id, header);
    if (!header.isBranch() && !header.isLeaf()) {
      throw corrupt(offset, "page " + id + " is neither branch nor leaf but " + header.type());
    }
    return new Page(this, offset, sizeBytes, header, held(offset, sizeBytes, header, first));
  }

  /** How long a page is with its overflow, after a look at what its header says of itself. */
  long extentBytes(long id, PageHeader header) {
    long offset = offsetBytes(id);
    if (header.id() != id) {
      throw corrupt(
          offset, "page " + id + " says that it is page " + Long.toUnsignedString(header.id()));
    }
    if (header.overflow() >= meta.highWaterPages() - id) {
      throw corrupt(
          offset, "page " + id + " goes on over " + header.overflow() + " pages, past the last");
    }
    return (header.overflow() + 1) * meta.pageSizeBytes();
  }

  private ByteBuffer held(long offset, long sizeBytes, PageHeader header, ByteBuffer first) {
    long tableBytes = Layout.PAGE_HEADER_BYTES + (long) header.count() * Layout.ELEMENT_BYTES;
    if (tableBytes > sizeBytes) {
      throw corrupt(
          offset, "a page of " + sizeBytes + " bytes has " + header.count() + " elements");
    }
    int wanted = (int) (sizeBytes <= WHOLE_BYTES_MAX ? sizeBytes : tableBytes);
    if (wanted <= first.capacity()) {
      return first;
    }
    ByteBuffer all = ByteBuffer.allocate(wanted).order(ByteOrder.LITTLE_ENDIAN);
    all.put(first);
    ahead.read(offset + all.position(), all);
    return all;
  }

  /** The leaf that stands inside a bucket's header. */
  Page inline(long offset, int sizeBytes) {
    ByteBuffer bytes = bytes(offset, sizeBytes);
    PageHeader header = PageHeader.of(bytes);
    if (!header.isLeaf() || header.overflow() != 0) {
      throw corrupt(offset, "an inline bucket's page is not a leaf but " + header.type());
    }
    if (Layout.PAGE_HEADER_BYTES + (long) header.count() * Layout.ELEMENT_BYTES > sizeBytes) {
      throw corrupt(
          offset,
          "an inline bucket of " + sizeBytes + " bytes has " + header.count() + " elements");
    }
    return new Page(this, offset, sizeBytes, header, bytes);
  }

  /** Bytes of the file that were checked to lie within it. */
  ByteBuffer bytes(long offset, int sizeBytes) {
    ByteBuffer into = ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
    ahead.read(offset, into);
    return into.flip();
  }
}
