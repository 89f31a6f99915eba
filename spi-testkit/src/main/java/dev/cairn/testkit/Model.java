package dev.cairn.testkit;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The content of a store as plain sorted maps, changed by one operation at a time in the caller's
 * order. It shares no code with any engine, nor with the normalising of a batch.
 */
final class Model {
  private static final int SHOWN_MAX = 24;

  private final NavigableMap<Bucket, NavigableMap<byte[], byte[]>> buckets = new TreeMap<>();

  /** Reads all that a view sees, through cursors. */
  static Model of(ReadView view) {
    Model model = new Model();
    for (Bucket bucket : view.buckets()) {
      model.create(bucket);
      try (Cursor cursor = view.openCursor(bucket)) {
        while (cursor.next()) {
          model.put(bucket, copy(cursor.key()), copy(cursor.value()));
        }
      }
    }
    return model;
  }

  static byte[] copy(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  Model copy() {
    Model copy = new Model();
    buckets.forEach((bucket, entries) -> copy.buckets.put(bucket, new TreeMap<>(entries)));
    return copy;
  }

  boolean has(Bucket bucket) {
    return buckets.containsKey(bucket);
  }

  NavigableMap<Bucket, NavigableMap<byte[], byte[]>> buckets() {
    return buckets;
  }

  Model create(Bucket bucket) {
    buckets.computeIfAbsent(bucket, name -> new TreeMap<>(Arrays::compareUnsigned));
    return this;
  }

  Model drop(Bucket bucket) {
    buckets.remove(bucket);
    return this;
  }

  Model put(Bucket bucket, byte[] key, byte[] value) {
    buckets.get(bucket).put(key, value);
    return this;
  }

  Model delete(Bucket bucket, byte[] key) {
    buckets.get(bucket).remove(key);
    return this;
  }

  /** The first difference in words, or null when there is none. */
  String difference(Model other) {
    if (!buckets.keySet().equals(other.buckets.keySet())) {
      return "buckets " + names() + " against " + other.names();
    }
    for (Map.Entry<Bucket, NavigableMap<byte[], byte[]>> bucket : buckets.entrySet()) {
      String found = difference(bucket.getValue(), other.buckets.get(bucket.getKey()));
      if (found != null) {
        return "bucket " + bucket.getKey() + ": " + found;
      }
    }
    return null;
  }

  private static String difference(
      NavigableMap<byte[], byte[]> mine, NavigableMap<byte[], byte[]> others) {
    for (Map.Entry<byte[], byte[]> entry : mine.entrySet()) {
      byte[] value = others.get(entry.getKey());
      if (!Arrays.equals(entry.getValue(), value)) {
        return "key %s has %s against %s"
            .formatted(shown(entry.getKey()), shown(entry.getValue()), shown(value));
      }
    }
    for (byte[] key : others.keySet()) {
      if (!mine.containsKey(key)) {
        return "key " + shown(key) + " is absent against " + shown(others.get(key));
      }
    }
    return null;
  }

  private String names() {
    return buckets.size() > SHOWN_MAX ? buckets.size() + " names" : buckets.keySet().toString();
  }

  /** Bytes for a message, cut. */
  static String shown(byte[] bytes) {
    if (bytes == null) {
      return "nothing";
    }
    int count = Math.min(bytes.length, SHOWN_MAX);
    String digits = HexFormat.of().formatHex(bytes, 0, count);
    return "0x" + digits + (count < bytes.length ? "... (" + bytes.length + " bytes)" : "");
  }
}
