package dev.cairn.engine.bbolt;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.Arrays;

/**
 * Where a bucket's tree starts: at a page, or in a leaf that stands in the bucket's own header.
 *
 * @param rootPage its page, or 0 when it is inline
 * @param sequence bbolt's counter, which is kept
 * @param inline its leaf when it is inline, else null
 */
record BucketRoot(long rootPage, long sequence, Page inline) {
  static BucketRoot ofPage(long rootPage, long sequence) {
    return new BucketRoot(rootPage, sequence, null);
  }

  /** What an element of the top level says. */
  static BucketRoot read(PageStore pages, Page leaf, int index) {
    byte[] name = leaf.key(index);
    if ((leaf.elementFlags(index) & Layout.ELEMENT_BUCKET) == 0) {
      throw StorageException.of(
          Code.UNSUPPORTED,
          pages.path(),
          "holds key " + Names.of(name) + " beside its top-level buckets");
    }
    if (name.length > Bucket.NAME_BYTES_MAX) {
      throw StorageException.of(
          Code.LIMIT,
          pages.path(),
          "bucket %s has a name of %d bytes, over the limit of %d"
              .formatted(Names.of(name), name.length, Bucket.NAME_BYTES_MAX));
    }
    return decode(pages, leaf, index, "bucket " + Names.of(name));
  }

  private static BucketRoot decode(PageStore pages, Page leaf, int index, String bucket) {
    long sizeBytes = leaf.valueBytes(index);
    if (sizeBytes < Layout.BUCKET_HEADER_BYTES
        || sizeBytes > Layout.BUCKET_HEADER_BYTES + Layout.PAGE_SIZE_MAX) {
      throw pages.corrupt(leaf.id(), bucket + " has a header of " + sizeBytes + " bytes");
    }
    byte[] value = leaf.value(index);
    long rootPage = Page.longAt(value, 0);
    long sequence = Page.longAt(value, Long.BYTES);
    if (rootPage != 0) {
      return ofPage(pages.checkedId(rootPage, bucket), sequence);
    }
    byte[] inline = Arrays.copyOfRange(value, Layout.BUCKET_HEADER_BYTES, value.length);
    return new BucketRoot(0, sequence, pages.inline(inline, bucket));
  }

  /** The value of its element at the top level. */
  byte[] encode() {
    int inlineBytes = inline == null ? 0 : inline.heldBytes();
    byte[] value = new byte[Layout.BUCKET_HEADER_BYTES + inlineBytes];
    Page.putLong(value, 0, rootPage);
    Page.putLong(value, Long.BYTES, sequence);
    if (inline != null) {
      inline.copyBytes(value, Layout.BUCKET_HEADER_BYTES);
    }
    return value;
  }

  Page root(PageStore pages) {
    return inline != null ? inline : pages.root(rootPage);
  }
}
