package dev.cairn.snapshot;

import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Limits;
import dev.cairn.spi.ReadView;

/**
 * What a view holds, found in one pass.
 *
 * @param hash content hash v1
 * @param buckets how many
 * @param entries how many
 */
record Content(String hash, long buckets, long entries) {
  /** Reads a view to its end; {@code limit} where something would not fit the target. */
  static Content of(ReadView view, Limits limits, String target) {
    LimitedView limited = new LimitedView(view, limits, target);
    String hash = ContentHash.v1(limited);
    return new Content(hash, limited.bucketCount(), limited.entryCount());
  }
}
