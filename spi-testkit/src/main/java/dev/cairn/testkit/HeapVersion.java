package dev.cairn.testkit;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One instant of a heap store. Immutable: a commit makes the next one, and a view is a reference.
 *
 * @param sequence how many batches made it
 * @param buckets what it holds; not to be changed
 * @param replacedBytes keys and values that the batches up to here overwrote or deleted
 */
record HeapVersion(long sequence, SortedMap<Bucket, SortedBytes> buckets, long replacedBytes) {
  static final HeapVersion EMPTY = new HeapVersion(0, Collections.emptySortedMap(), 0);

  HeapVersion with(Batch batch) {
    SortedMap<Bucket, SortedBytes> next = new TreeMap<>(buckets);
    long replaced = replacedBytes;
    for (Batch.Change change : batch.changes()) {
      SortedBytes before = buckets.getOrDefault(change.bucket(), SortedBytes.EMPTY);
      SortedBytes after = entries(change, before);
      if (change.mode() == Batch.Mode.DROP) {
        next.remove(change.bucket());
      } else {
        next.put(change.bucket(), after);
      }
      replaced += before.sizeBytes() + putBytes(change) - after.sizeBytes();
    }
    return new HeapVersion(sequence + 1, next, replaced);
  }

  private static SortedBytes entries(Batch.Change change, SortedBytes before) {
    boolean emptied = change.mode() == Batch.Mode.CLEAR || change.mode() == Batch.Mode.DROP;
    SortedBytes entries = emptied ? SortedBytes.EMPTY : before;
    for (int i = 0; i < change.size(); i++) {
      byte[] value = change.value(i);
      entries = value == null ? entries.without(change.key(i)) : entries.with(change.key(i), value);
    }
    return entries;
  }

  private static long putBytes(Batch.Change change) {
    long bytes = 0;
    for (int i = 0; i < change.size(); i++) {
      byte[] value = change.value(i);
      bytes += value == null ? 0 : change.key(i).length + (long) value.length;
    }
    return bytes;
  }

  long liveBytes() {
    long bytes = 0;
    for (SortedBytes entries : buckets.values()) {
      bytes += entries.sizeBytes();
    }
    return bytes;
  }
}
