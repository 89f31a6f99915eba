package dev.cairn.engine.bbolt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a store must hold, as plain maps. */
final class Content {
  private final TreeMap<Bucket, TreeMap<byte[], byte[]>> buckets = new TreeMap<>();

  Content copy() {
    Content copy = new Content();
    buckets.forEach((bucket, entries) -> copy.buckets.put(bucket, new TreeMap<>(entries)));
    return copy;
  }

  /** The keys of a bucket; none when it is absent. */
  List<byte[]> keys(Bucket bucket) {
    return buckets.containsKey(bucket) ? new ArrayList<>(buckets.get(bucket).keySet()) : List.of();
  }

  /** Does to the maps what a batch says. */
  Content apply(Batch batch) {
    for (Batch.Change change : batch.changes()) {
      if (change.mode() == Batch.Mode.DROP || change.mode() == Batch.Mode.CLEAR) {
        buckets.remove(change.bucket());
      }
      if (change.mode() != Batch.Mode.DROP) {
        TreeMap<byte[], byte[]> entries =
            buckets.computeIfAbsent(
                change.bucket(), absent -> new TreeMap<>(Arrays::compareUnsigned));
        for (int i = 0; i < change.size(); i++) {
          if (change.value(i) == null) {
            entries.remove(change.key(i));
          } else {
            entries.put(change.key(i), change.value(i));
          }
        }
      }
    }
    return this;
  }

  void assertIs(Backend backend) {
    try (ReadView view = backend.openView()) {
      assertIs(view);
    }
  }

  void assertIs(ReadView view) {
    assertEquals(List.copyOf(buckets.keySet()), view.buckets());
    buckets.forEach((bucket, entries) -> assertEntries(view, bucket, entries));
  }

  private static void assertEntries(ReadView view, Bucket bucket, TreeMap<byte[], byte[]> entries) {
    try (Cursor cursor = view.openCursor(bucket)) {
      Iterator<Map.Entry<byte[], byte[]>> expected = entries.entrySet().iterator();
      while (cursor.next()) {
        Map.Entry<byte[], byte[]> entry = expected.next();
        assertEquals(ByteBuffer.wrap(entry.getKey()), cursor.key());
        assertEquals(ByteBuffer.wrap(entry.getValue()), cursor.value());
      }
      assertEquals(false, expected.hasNext());
    }
    assertArrayEquals(entries.isEmpty() ? null : entries.lastKey(), view.lastKey(bucket));
    int step = 1 + entries.size() / 8;
    int number = 0;
    for (Map.Entry<byte[], byte[]> entry : entries.entrySet()) {
      if (number++ % step == 0) {
        assertArrayEquals(entry.getValue(), view.get(bucket, entry.getKey()));
      }
    }
  }
}
