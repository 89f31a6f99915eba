package dev.cairn.bbolt;

import dev.cairn.spi.HeadReader;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Finds the page size and the newer valid meta, whichever of the two is damaged. */
final class MetaPages {
  private static final int GZIP_MAGIC = 0x1f8b;
  private static final int ZIP_MAGIC = 0x504b;

  private final MetaPage[] both;

  private MetaPages(MetaPage first, MetaPage second) {
    both = new MetaPage[] {first, second};
  }

  /**
   * Looks at the first page, and where that is damaged at each place where the second may stand.
   * There a meta must name its own offset as the page size: a value may hold a copy of another
   * file.
   */
  static MetaPages find(HeadReader file, long sizeBytes) {
    MetaPage first = MetaPage.read(file, 0, sizeBytes);
    if (first.valid()) {
      int pageSizeBytes = first.meta().pageSizeBytes();
      return new MetaPages(first, MetaPage.read(file, pageSizeBytes, sizeBytes));
    }
    for (int size = Layout.PAGE_SIZE_MIN; size <= Layout.PAGE_SIZE_MAX; size <<= 1) {
      MetaPage second = MetaPage.read(file, size, sizeBytes);
      if (second.hasPageSize(size)) {
        return new MetaPages(first, second);
      }
    }
    return new MetaPages(first, first);
  }

  /** The one that counts, or null. */
  BoltMeta newest() {
    BoltMeta first = both[0].meta();
    BoltMeta second = both[1].meta();
    if (first == null) {
      return second;
    }
    boolean useSecond =
        both[1].hasPageSize(first.pageSizeBytes())
            && Long.compareUnsigned(second.txid(), first.txid()) > 0;
    return useSecond ? second : first;
  }

  /** What is wrong with one of them, or null. */
  String problem(int which) {
    if (both[which].valid() && !both[which].hasPageSize(newest().pageSizeBytes())) {
      return "page size " + both[which].meta().pageSizeBytes() + " is not that of the other meta";
    }
    return both[which].problem();
  }

  /** The newest one, when what it says fits the file. */
  BoltMeta require(Path path, HeadReader file, long sizeBytes) {
    BoltMeta meta = newest();
    if (meta == null) {
      throw StorageException.corrupt(path, 0, describe(file, sizeBytes));
    }
    checkPageSizes(path, meta);
    long pagesMax = sizeBytes / meta.pageSizeBytes();
    if (Long.compareUnsigned(meta.highWaterPages(), pagesMax) > 0) {
      throw StorageException.corrupt(
          path,
          sizeBytes,
          "is cut off: it has "
              + Long.toUnsignedString(meta.highWaterPages())
              + " pages of "
              + meta.pageSizeBytes()
              + " bytes, and only "
              + pagesMax
              + " are there");
    }
    checkPage(path, "root", meta.rootPage(), meta);
    if (meta.freelistPage() != Layout.NO_FREELIST) {
      checkPage(path, "freelist", meta.freelistPage(), meta);
    }
    return meta;
  }

  /**
   * A meta that bbolt goes by must not be passed over for an older one, as one that a crash has
   * torn is: what it says of the pages cannot be followed.
   */
  private void checkPageSizes(Path path, BoltMeta meta) {
    for (int which = 0; which < both.length; which++) {
      if (both[which].sealed() && !both[which].hasPageSize(meta.pageSizeBytes())) {
        long offset = which == 0 ? 0 : meta.pageSizeBytes();
        throw StorageException.corrupt(path, offset, "meta " + which + ": " + problem(which));
      }
    }
  }

  private void checkPage(Path path, String what, long page, BoltMeta meta) {
    if (!Pages.inside(page, meta.highWaterPages())) {
      long offset = meta == both[0].meta() ? 0 : meta.pageSizeBytes();
      throw StorageException.corrupt(
          path,
          offset,
          "meta names %s page %s, and the pages end at %d"
              .formatted(what, Long.toUnsignedString(page), meta.highWaterPages()));
    }
  }

  private String describe(HeadReader file, long sizeBytes) {
    if (sizeBytes == 0) {
      return "is empty, not a bbolt file";
    }
    ByteBuffer head = ByteBuffer.allocate(2);
    int magic = sizeBytes > 1 && file.read(0, head) == 2 ? head.getShort(0) & 0xffff : 0;
    if (magic == GZIP_MAGIC || magic == ZIP_MAGIC) {
      return "is compressed; decompress it first";
    }
    return "is not a bbolt file, or both its meta pages are damaged: " + both[0].problem();
  }
}
