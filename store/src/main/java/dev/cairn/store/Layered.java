package dev.cairn.store;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Reads through layers of pending writes, newest first, down to a backend's view. */
final class Layered {
  private final List<Layer> layers;
  private final Supplier<ReadView> base;

  /** Layers that say nothing are better left out; the base is asked for when it is needed. */
  Layered(List<Layer> layers, Supplier<ReadView> base) {
    this.layers = layers;
    this.base = base;
  }

  List<Bucket> buckets() {
    List<Bucket> beneath = base.get().buckets();
    if (layers.isEmpty()) {
      return beneath;
    }
    TreeSet<Bucket> all = new TreeSet<>(beneath);
    for (int i = layers.size() - 1; i >= 0; i--) {
      layers.get(i).deltas().forEach((bucket, delta) -> apply(all, bucket, delta));
    }
    return List.copyOf(all);
  }

  private static void apply(TreeSet<Bucket> all, Bucket bucket, Delta delta) {
    if (delta.mode() == Batch.Mode.DROP) {
      all.remove(bucket);
    } else if (delta.mode() == Batch.Mode.CLEAR) {
      all.add(bucket);
    }
  }

  byte[] get(Bucket bucket, byte[] key) {
    for (Layer layer : layers) {
      Delta delta = layer.delta(bucket);
      if (delta == null) {
        continue;
      }
      byte[] value = delta.entries().find(key);
      if (value != null) {
        return value == Entries.TOMBSTONE ? null : value.clone();
      }
      if (delta.masks()) {
        checkExists(bucket, delta);
        return null;
      }
    }
    return base.get().get(bucket, key);
  }

  Cursor openCursor(Bucket bucket, Runnable check) {
    List<Entries> above = new ArrayList<>(layers.size());
    if (!gather(bucket, above)) {
      return new MergedCursor(above, null, check);
    }
    Cursor beneath = base.get().openCursor(bucket);
    return above.isEmpty() ? beneath : new MergedCursor(above, beneath, check);
  }

  /** The entries of the layers that count; false where what is beneath does not show through. */
  private boolean gather(Bucket bucket, List<Entries> above) {
    for (Layer layer : layers) {
      Delta delta = layer.delta(bucket);
      if (delta == null) {
        continue;
      }
      if (delta.entries().size() > 0) {
        above.add(delta.entries().frozen());
      }
      if (delta.masks()) {
        checkExists(bucket, delta);
        return false;
      }
    }
    return true;
  }

  byte[] lastKey(Bucket bucket, Runnable check) {
    List<Entries> above = new ArrayList<>(layers.size());
    byte[] last = gather(bucket, above) ? base.get().lastKey(bucket) : null;
    if (above.isEmpty()) {
      return last;
    }
    for (Entries entries : above) {
      last = LastKey.greater(last, entries.lastKey());
    }
    if (get(bucket, last) != null) {
      return last.clone();
    }
    try (Cursor cursor = openCursor(bucket, check)) {
      return LastKey.find(cursor);
    }
  }

  private static void checkExists(Bucket bucket, Delta delta) {
    if (delta.mode() == Batch.Mode.DROP) {
      throw StorageException.of(Code.NOT_FOUND, "no bucket " + bucket + "; create it first");
    }
  }
}
