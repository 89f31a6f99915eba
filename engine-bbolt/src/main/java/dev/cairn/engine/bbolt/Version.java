package dev.cairn.engine.bbolt;

import dev.cairn.bbolt.BoltMeta;
import dev.cairn.spi.Bucket;
import java.util.SortedMap;

/**
 * A committed state of a store. Immutable.
 *
 * @param meta what its meta page says
 * @param which the meta page that it is in, 0 or 1
 * @param buckets the top level, not to be changed
 * @param freelistPages how many pages its stored freelist takes, 0 when it stores none
 * @param unusedPages how many pages below the high water it does not use
 */
record Version(
    BoltMeta meta,
    int which,
    SortedMap<Bucket, BucketRoot> buckets,
    int freelistPages,
    long unusedPages) {
  long txid() {
    return meta.txid();
  }

  long liveBytes() {
    return (meta.highWaterPages() - unusedPages) * meta.pageSizeBytes();
  }
}
