package dev.cairn.engine.bbolt;

import dev.cairn.bbolt.BoltMeta;
import dev.cairn.engine.support.Identity;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.SortedMap;

/**
 * A file as it was found.
 *
 * @param pages how its pages are read
 * @param version its newest version
 * @param free what that version does not use
 * @param identity the store's
 */
record OpenedStore(PageStore pages, Version version, BitSet free, Identity identity) {
  /**
   * Reads metas, buckets and freelist. Where another program wrote last, or no freelist is stored,
   * it goes through all trees too.
   *
   * @param file stays the caller's
   * @param sizeBytes how much of it counts
   */
  static OpenedStore read(
      Disk disk, Path path, DiskFile file, long sizeBytes, BboltOptions options) {
    Metas metas = Metas.read(disk, path, file, sizeBytes);
    PageStore pages = pages(file, metas.current(), options.cacheBytes());
    SortedMap<Bucket, BucketRoot> buckets = Census.topLevel(pages, metas.current().rootPage());
    return metas.current().freelistPage() == BoltMeta.NO_FREELIST
        ? scanned(pages, metas, buckets)
        : stored(pages, metas, buckets);
  }

  static PageStore pages(DiskFile file, BoltMeta meta, long cacheBytes) {
    if (meta.highWaterPages() > Layout.PAGES_MAX) {
      throw StorageException.of(
          Code.UNSUPPORTED,
          file.path(),
          "has %d pages, more than %d".formatted(meta.highWaterPages(), Layout.PAGES_MAX));
    }
    PageCache cache = new PageCache(cacheBytes, meta.pageSizeBytes(), meta.highWaterPages());
    return new PageStore(file, meta.pageSizeBytes(), meta.highWaterPages(), cache);
  }

  private static OpenedStore scanned(
      PageStore pages, Metas metas, SortedMap<Bucket, BucketRoot> buckets) {
    BitSet free = new Census(pages).run(metas.current().rootPage(), buckets);
    free.flip((int) Layout.FIRST_PAGE, (int) pages.highWaterPages());
    return of(pages, metas, buckets, free, 0);
  }

  private static OpenedStore stored(
      PageStore pages, Metas metas, SortedMap<Bucket, BucketRoot> buckets) {
    Freelist list = Freelist.read(pages, metas.current().freelistPage());
    if (!metas.ours()) {
      BitSet used = new Census(pages).run(metas.current().rootPage(), buckets);
      if (used.intersects(list.free())) {
        used.and(list.free());
        long page = used.nextSetBit(0);
        throw pages.corrupt(page, "page " + page + " is in use and in the freelist");
      }
    }
    return of(pages, metas, buckets, list.free(), list.pageCount());
  }

  private static OpenedStore of(
      PageStore pages,
      Metas metas,
      SortedMap<Bucket, BucketRoot> buckets,
      BitSet free,
      int freelistPages) {
    Version version =
        new Version(metas.current(), metas.which(), buckets, freelistPages, free.cardinality());
    return new OpenedStore(pages, version, free, metas.identity());
  }
}
