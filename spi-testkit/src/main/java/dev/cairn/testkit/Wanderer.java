package dev.cairn.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;

/** Reads here and there in a view and compares each answer with the model's. */
final class Wanderer {
  private static final int MOVES = 40;

  private final SplittableRandom random;
  private final Keys keys;

  Wanderer(SplittableRandom random) {
    this.random = random;
    this.keys = new Keys(random);
  }

  void wander(ReadView view, Model model) {
    assertEquals(List.copyOf(model.buckets().keySet()), view.buckets());
    for (Map.Entry<Bucket, NavigableMap<byte[], byte[]>> bucket : model.buckets().entrySet()) {
      NavigableMap<byte[], byte[]> entries = bucket.getValue();
      byte[] last = entries.isEmpty() ? null : entries.lastKey();
      assertArrayEquals(last, view.lastKey(bucket.getKey()));
      for (int i = 0; i < 5; i++) {
        byte[] key = somewhere(entries);
        assertArrayEquals(entries.get(key), view.get(bucket.getKey(), key));
      }
      try (Cursor cursor = view.openCursor(bucket.getKey())) {
        move(cursor, entries);
      }
    }
  }

  private void move(Cursor cursor, NavigableMap<byte[], byte[]> entries) {
    Map.Entry<byte[], byte[]> at = null;
    boolean started = false;
    for (int i = 0; i < MOVES; i++) {
      boolean found;
      if (random.nextInt(3) == 0) {
        byte[] key = somewhere(entries);
        at = entries.ceilingEntry(key);
        found = cursor.seek(key);
      } else {
        at = next(entries, at, started);
        found = cursor.next();
      }
      started = true;
      assertEquals(at != null, found);
      if (at != null) {
        assertArrayEquals(at.getKey(), Model.copy(cursor.key()));
        assertArrayEquals(at.getValue(), Model.copy(cursor.value()));
      }
    }
  }

  private static Map.Entry<byte[], byte[]> next(
      NavigableMap<byte[], byte[]> entries, Map.Entry<byte[], byte[]> at, boolean started) {
    if (!started) {
      return entries.firstEntry();
    }
    return at == null ? null : entries.higherEntry(at.getKey());
  }

  private byte[] somewhere(NavigableMap<byte[], byte[]> entries) {
    byte[] near = keys.any();
    byte[] there = entries.floorKey(near);
    return there == null || random.nextBoolean() ? near : there;
  }
}
