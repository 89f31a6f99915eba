package dev.cairn.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The content of a store as maps; what any view or transaction must show. */
final class ModelStore {
  private final NavigableMap<Bucket, NavigableMap<byte[], byte[]>> buckets = new TreeMap<>();

  ModelStore() {}

  ModelStore(ModelStore from) {
    from.buckets.forEach((bucket, entries) -> buckets.put(bucket, new TreeMap<>(entries)));
  }

  boolean has(Bucket bucket) {
    return buckets.containsKey(bucket);
  }

  List<Bucket> buckets() {
    return List.copyOf(buckets.keySet());
  }

  NavigableMap<byte[], byte[]> entries(Bucket bucket) {
    return buckets.get(bucket);
  }

  void create(Bucket bucket) {
    buckets.computeIfAbsent(bucket, name -> new TreeMap<>(Arrays::compareUnsigned));
  }

  void drop(Bucket bucket) {
    buckets.remove(bucket);
  }

  /** How many keys went. */
  int deleteRange(Bucket bucket, byte[] from, byte[] toExclusive) {
    NavigableMap<byte[], byte[]> range = entries(bucket).tailMap(from, true);
    if (toExclusive.length > 0) {
      range = Arrays.compareUnsigned(from, toExclusive) > 0 ? new TreeMap<>() : range;
      range = range.isEmpty() ? range : range.headMap(toExclusive, false);
    }
    int count = range.size();
    range.clear();
    return count;
  }

  /** Reads all of a view, in order and at random places. */
  void assertSameAs(ReadView view, SplittableRandom random) {
    assertEquals(buckets(), view.buckets());
    for (Bucket bucket : buckets()) {
      NavigableMap<byte[], byte[]> entries = entries(bucket);
      assertArrayEquals(entries.isEmpty() ? null : entries.lastKey(), view.lastKey(bucket));
      try (Cursor cursor = view.openCursor(bucket)) {
        assertWalk(entries, cursor);
        assertSeeks(entries, cursor, random);
      }
      for (int i = 0; i < 5; i++) {
        byte[] key = Histories.key(random);
        assertArrayEquals(entries.get(key), view.get(bucket, key));
      }
    }
  }

  private static void assertWalk(NavigableMap<byte[], byte[]> entries, Cursor cursor) {
    for (Map.Entry<byte[], byte[]> each : entries.entrySet()) {
      assertTrue(cursor.next());
      assertAt(each, cursor);
    }
    assertFalse(cursor.next());
    assertFalse(cursor.next());
  }

  /** Seeks and then goes on for some steps, so that every change of direction comes up. */
  static void assertSeeks(
      NavigableMap<byte[], byte[]> entries, Cursor cursor, SplittableRandom random) {
    for (int i = 0; i < 5; i++) {
      byte[] key = random.nextInt(8) == 0 ? new byte[0] : Histories.key(random);
      Map.Entry<byte[], byte[]> expected = entries.ceilingEntry(key);
      boolean there = cursor.seek(key);
      for (int step = random.nextInt(4); step >= 0; step--) {
        assertEquals(expected != null, there);
        if (expected == null) {
          break;
        }
        assertAt(expected, cursor);
        expected = entries.higherEntry(expected.getKey());
        there = cursor.next();
      }
    }
  }

  private static void assertAt(Map.Entry<byte[], byte[]> expected, Cursor cursor) {
    assertArrayEquals(expected.getKey(), Stores.bytes(cursor.key()));
    assertArrayEquals(expected.getValue(), Stores.bytes(cursor.value()));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelStore && text().equals(((ModelStore) other).text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  private List<String> text() {
    List<String> lines = new ArrayList<>();
    buckets.forEach(
        (bucket, entries) -> {
          lines.add(bucket.toString());
          entries.forEach((key, value) -> lines.add(Arrays.toString(key) + Arrays.toString(value)));
        });
    return lines;
  }
}
