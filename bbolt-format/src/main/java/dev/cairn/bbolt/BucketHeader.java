package dev.cairn.bbolt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where a bucket's tree starts.
 *
 * @param rootPage its page, or 0 when the bucket is inline
 * @param sequence its counter, unsigned
 * @param inlineOffsetBytes where in the file its own leaf stands when it is inline
 * @param inlineBytes how long that is
 */
record BucketHeader(long rootPage, long sequence, long inlineOffsetBytes, int inlineBytes) {
  static BucketHeader ofPage(long rootPage) {
    return new BucketHeader(rootPage, 0, 0, 0);
  }

  static BucketHeader read(Pages pages, long offsetBytes, long sizeBytes, ByteBuffer head) {
    if (sizeBytes < Layout.BUCKET_HEADER_BYTES) {
      throw pages.corrupt(offsetBytes, "a bucket's header has " + sizeBytes + " bytes");
    }
    ByteBuffer fields = head.order(ByteOrder.LITTLE_ENDIAN);
    long rootPage = fields.getLong(0);
    long sequence = fields.getLong(8);
    if (rootPage != 0) {
      return new BucketHeader(pages.checkedId(rootPage, offsetBytes), sequence, 0, 0);
    }
    long inlineBytes = sizeBytes - Layout.BUCKET_HEADER_BYTES;
    if (inlineBytes < Layout.PAGE_HEADER_BYTES || inlineBytes > Layout.PAGE_SIZE_MAX) {
      throw pages.corrupt(offsetBytes, "an inline bucket has " + inlineBytes + " bytes");
    }
    return new BucketHeader(
        0, sequence, offsetBytes + Layout.BUCKET_HEADER_BYTES, (int) inlineBytes);
  }

  boolean isInline() {
    return rootPage == 0;
  }

  Page root(Pages pages) {
    return isInline() ? pages.inline(inlineOffsetBytes, inlineBytes) : pages.load(rootPage);
  }
}
