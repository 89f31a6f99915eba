package dev.cairn.bbolt;

import dev.cairn.spi.ReadView;

/**
 * What the metas say, which stand first in the file and depend on all that follows.
 *
 * @param rootPage where the tree of the top level starts
 * @param highWaterPages how many pages the image has
 */
record ImagePlan(long rootPage, long highWaterPages) {
  /** Goes through the view once and remembers nothing but lengths on the way down to a leaf. */
  static ImagePlan of(ReadView view) {
    PageNumbers numbers = new PageNumbers();
    PlannedTree top = new PlannedTree(numbers, "the list of buckets");
    long root = ImageWalk.walk(view, top, bucket -> new PlannedTree(numbers, "bucket " + bucket));
    return new ImagePlan(root, numbers.next());
  }

  BoltMeta meta(long txid) {
    return new BoltMeta(
        ImageRules.PAGE_SIZE_BYTES, rootPage, 0, Layout.NO_FREELIST, highWaterPages, txid);
  }

  long sizeBytes() {
    return highWaterPages * ImageRules.PAGE_SIZE_BYTES;
  }
}
