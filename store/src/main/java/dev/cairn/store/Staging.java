package dev.cairn.store;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes that are being gathered, by one thread, on top of an overlay or of nothing. */
final class Staging implements Layer {
  private final SortedMap<Bucket, Delta> deltas = new TreeMap<>();

  /** Nothing yet. */
  Staging() {}

  /** Goes on from an overlay, which stays as it is. */
  Staging(Overlay from) {
    from.deltas().forEach((bucket, delta) -> deltas.put(bucket, editable(delta)));
  }

  private static Delta editable(Delta delta) {
    return new Delta(delta.mode(), delta.entries().edit());
  }

  @Override
  public Delta delta(Bucket bucket) {
    return deltas.get(bucket);
  }

  @Override
  public Map<Bucket, Delta> deltas() {
    return deltas;
  }

  /** A bucket that is absent beneath. */
  void create(Bucket bucket) {
    deltas.put(bucket, new Delta(Batch.Mode.CLEAR, Entries.empty()));
  }

  void drop(Bucket bucket) {
    deltas.put(bucket, new Delta(Batch.Mode.DROP, Entries.NONE));
  }

  /** Writes a value or a tombstone; the bucket exists. */
  void put(Bucket bucket, byte[] key, byte[] value) {
    Delta delta = deltas.get(bucket);
    if (delta == null) {
      delta = new Delta(Batch.Mode.KEEP, Entries.empty());
      deltas.put(bucket, delta);
    }
    delta.entries().put(key, value);
  }

  /** What a later overlay says of a bucket. */
  void replay(Bucket bucket, Delta later) {
    if (later.masks() || !deltas.containsKey(bucket)) {
      deltas.put(bucket, editable(later));
      return;
    }
    Entries.Walk walk = later.entries().walk();
    while (walk.next()) {
      put(bucket, walk.key(), walk.value());
    }
  }

  /** Bytes of keys and values. */
  long sizeBytes() {
    long bytes = 0;
    for (Delta delta : deltas.values()) {
      bytes += delta.entries().sizeBytes();
    }
    return bytes;
  }

  /** An overlay of these writes; this staging is used up. */
  Overlay freeze(Applied applied) {
    deltas.replaceAll((bucket, delta) -> new Delta(delta.mode(), delta.entries().frozen()));
    return new Overlay(deltas, applied);
  }
}
