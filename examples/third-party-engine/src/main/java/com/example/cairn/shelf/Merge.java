package com.example.cairn.shelf;

import com.example.cairn.shelf.Section.Entry;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Batch.Change;
import dev.cairn.spi.Batch.Mode;
import dev.cairn.spi.Bucket;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Pours a version and a batch into the file of the next version. */
final class Merge {
  private final Version before;
  private final ShelfWriter out;

  Merge(Version before, ShelfWriter out) {
    this.before = before;
    this.out = out;
  }

  /**
   * Writes the changed buckets anew.
   *
   * @param gather whether the others are copied too, instead of referred to
   */
  void pour(Batch batch, boolean gather) throws IOException {
    Map<Bucket, Change> changes =
        batch.changes().stream()
            .filter(this::changesEntries)
            .collect(Collectors.toMap(Change::bucket, change -> change, (a, b) -> b, TreeMap::new));
    for (Bucket bucket : before.places().keySet()) {
      if (changes.containsKey(bucket)) {
        continue;
      }
      if (gather) {
        out.copy(bucket, before.section(bucket));
      } else {
        out.refer(bucket, before.places().get(bucket));
      }
    }
    for (Change change : changes.values()) {
      if (change.mode() != Mode.DROP) {
        write(change);
      }
    }
  }

  private boolean changesEntries(Change change) {
    boolean exists = before.places().containsKey(change.bucket());
    boolean keeps = change.mode() == Mode.KEEP || change.mode() == Mode.ENSURE;
    return !(exists && keeps && change.size() == 0);
  }

  private void write(Change change) throws IOException {
    boolean hasOld = change.mode() != Mode.CLEAR && before.places().containsKey(change.bucket());
    out.startSection();
    if (hasOld) {
      merge(new Walk(before.section(change.bucket())), change);
    } else {
      put(change, 0, change.size());
    }
    out.endSection(change.bucket());
  }

  /** Both are sorted; where both have a key, the change's holds. */
  private void merge(Walk old, Change change) throws IOException {
    int done = 0;
    while (old.next()) {
      Entry entry = old.entry();
      int less = firstNotLess(change, done, entry.key());
      put(change, done, less);
      done = less;
      if (done == change.size() || !Arrays.equals(change.key(done), entry.key())) {
        out.add(entry.key(), entry.value());
      }
    }
    put(change, done, change.size());
  }

  private static int firstNotLess(Change change, int from, byte[] key) {
    int i = from;
    while (i < change.size() && Arrays.compareUnsigned(change.key(i), key) < 0) {
      i++;
    }
    return i;
  }

  private void put(Change change, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      if (change.value(i) != null) {
        out.add(change.key(i), change.value(i));
      }
    }
  }
}
