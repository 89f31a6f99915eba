package dev.cairn.engine.mapdb;

import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The pages of a native image, read where they are. Used by one thread at a time. */
final class ImagePages implements Pages {
  private static final long CACHE_BYTES = 4L << 20;

  private final DiskFile file;
  private final long count;
  private final PageCache cache = new PageCache(CACHE_BYTES);
  private final ByteBuffer sums = ByteBuffer.allocate(GROWTH_PAGES * ImageFormat.SUM_BYTES);
  private long sumsOf = -1;

  /**
   * An image's pages; its end is checked now, a page when it is read.
   *
   * @param file stays the caller's to close
   */
  ImagePages(DiskFile file, long sizeBytes) {
    this.file = file;
    count = ImageFormat.pageCount(sizeBytes);
    checkShape(sizeBytes);
    byte[] footer = new byte[ImageFormat.FOOTER_BYTES];
    file.readFully(sizeBytes - footer.length, ByteBuffer.wrap(footer));
    ImageFormat.checkFooter(footer, count, path());
    if (StoreImage.pageCount(this) != count) {
      throw corrupt(0, "says that it is of another length than it is");
    }
  }

  private void checkShape(long sizeBytes) {
    if (count > 0 && sizeBytes <= file.sizeBytes()) {
      return;
    }
    byte[] head = new byte[2];
    file.read(0, ByteBuffer.wrap(head));
    if (StoreImage.isMapDb(head) && sizeBytes > 0 && sizeBytes % StoreImage.UNIT_BYTES == 0) {
      throw StorageException.of(
          Code.UNSUPPORTED, path(), "is a MapDB file, not an image of a Cairn store");
    }
    throw corrupt(Math.min(sizeBytes, file.sizeBytes()), "is no image, or one that is cut short");
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public byte[] read(long page) {
    byte[] bytes = cache.get(page);
    if (bytes == null) {
      bytes = new byte[PAGE_BYTES];
      file.readFully(page * PAGE_BYTES, ByteBuffer.wrap(bytes));
      if (ImageFormat.sum(bytes) != sumOf(page)) {
        throw corrupt(page * PAGE_BYTES, "page " + page + " is damaged");
      }
      cache.put(page, bytes, cache.changes());
    }
    return bytes;
  }

  private int sumOf(long page) {
    long group = page / GROWTH_PAGES;
    if (group != sumsOf) {
      sumsOf = -1;
      file.readFully(count * PAGE_BYTES + group * sums.capacity(), sums.clear());
      sumsOf = group;
    }
    return sums.getInt((int) (page % GROWTH_PAGES) * ImageFormat.SUM_BYTES);
  }
}
