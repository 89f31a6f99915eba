package dev.cairn.engine.bbolt;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Applies a batch bucket by bucket, then to the top level, which holds where each bucket starts.
 */
final class BatchWriter {
  private final Staging staging;
  private final SortedMap<Bucket, BucketRoot> buckets;
  private final List<byte[]> names = new ArrayList<>();
  private final List<byte[]> headers = new ArrayList<>();

  /**
   * @param before the top level so far, which is not changed
   */
  BatchWriter(Staging staging, SortedMap<Bucket, BucketRoot> before) {
    this.staging = staging;
    this.buckets = new TreeMap<>(before);
  }

  /** The top level as it is after the batch. */
  SortedMap<Bucket, BucketRoot> buckets() {
    return buckets;
  }

  /** False when nothing changes. */
  boolean apply(Batch batch) {
    for (Batch.Change change : batch.changes()) {
      BucketRoot before = buckets.get(change.bucket());
      switch (change.mode()) {
        case DROP -> drop(change.bucket(), before);
        case CLEAR -> {
          retire(before);
          set(change.bucket(), made(change));
        }
        case KEEP, ENSURE -> update(change, before);
      }
    }
    return !names.isEmpty();
  }

  private void update(Batch.Change change, BucketRoot before) {
    BucketRoot after = before == null ? made(change) : writer(change).apply(before);
    if (after != null) {
      set(change.bucket(), after);
    }
  }

  private BucketRoot made(Batch.Change change) {
    return writer(change).make();
  }

  private TreeWriter writer(Batch.Change change) {
    return new TreeWriter(staging, Edits.of(change), staging.pageSizeBytes() / 4);
  }

  private void drop(Bucket bucket, BucketRoot before) {
    if (before != null) {
      retire(before);
      buckets.remove(bucket);
      names.add(bucket.name());
      headers.add(null);
    }
  }

  private void retire(BucketRoot root) {
    if (root != null && root.inline() == null) {
      staging.retireTree(root.root(staging.pages()), 1);
    }
  }

  private void set(Bucket bucket, BucketRoot root) {
    buckets.put(bucket, root);
    names.add(bucket.name());
    headers.add(root.encode());
  }

  /** Returns the page of the new top level, which is never inline. */
  long rewriteTopLevel(long rootPage) {
    TreeWriter writer = new TreeWriter(staging, Edits.ofBuckets(names, headers), -1);
    return writer.apply(BucketRoot.ofPage(rootPage, 0)).rootPage();
  }
}
