package dev.cairn.store;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;

/** The writes of whole updates that no commit has carried yet. Immutable and thread-safe. */
final class Overlay implements Layer {
  static final Overlay EMPTY = new Overlay(Collections.emptySortedMap(), null);

  private final SortedMap<Bucket, Delta> deltas;
  private final Applied applied;
  private final int operations;
  private final long sizeBytes;

  /** Takes over a map of frozen deltas, and the applied position set in it or null. */
  Overlay(SortedMap<Bucket, Delta> deltas, Applied applied) {
    this.deltas = Collections.unmodifiableSortedMap(deltas);
    this.applied = applied;
    int count = 0;
    long bytes = 0;
    for (Delta delta : deltas.values()) {
      count += delta.operations();
      bytes += delta.entries().sizeBytes();
    }
    operations = count;
    sizeBytes = bytes;
  }

  @Override
  public Delta delta(Bucket bucket) {
    return deltas.get(bucket);
  }

  @Override
  public Map<Bucket, Delta> deltas() {
    return deltas;
  }

  /** The applied position set in here, or null. */
  Applied applied() {
    return applied;
  }

  boolean isEmpty() {
    return deltas.isEmpty();
  }

  int operations() {
    return operations;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** These writes and then those of another one. */
  Overlay then(Overlay later) {
    if (isEmpty()) {
      return later;
    }
    Staging both = new Staging(this);
    later.deltas.forEach(both::replay);
    return both.freeze(later.applied == null ? applied : later.applied);
  }

  /** The same as an engine takes it. */
  Batch toBatch() {
    Batch.Builder batch = Batch.builder();
    deltas.forEach((bucket, delta) -> add(batch, bucket, delta));
    return batch.build();
  }

  private static void add(Batch.Builder batch, Bucket bucket, Delta delta) {
    if (delta.masks()) {
      batch.deleteBucket(bucket);
    }
    if (delta.mode() == Batch.Mode.CLEAR) {
      batch.createBucket(bucket);
    }
    Entries.Walk walk = delta.entries().walk();
    while (walk.next()) {
      if (walk.value() == Entries.TOMBSTONE) {
        batch.delete(bucket, walk.key());
      } else {
        batch.put(bucket, walk.key(), walk.value());
      }
    }
  }
}
