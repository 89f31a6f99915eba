package dev.cairn.store;

import dev.cairn.spi.Bucket;
import java.util.Map;

/** Pending writes that lie over what is beneath: an overlay, or what a transaction stages. */
interface Layer {
  /** What this layer says of a bucket, or null when it says nothing. */
  Delta delta(Bucket bucket);

  /** All it says, in the order of the buckets. */
  Map<Bucket, Delta> deltas();
}
