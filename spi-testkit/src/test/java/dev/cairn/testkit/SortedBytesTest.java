package dev.cairn.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SortedBytesTest {
  private static void assertEqual(TreeMap<byte[], byte[]> expected, SortedBytes actual) {
    assertEquals(expected.size(), actual.size());
    long bytes = 0;
    SortedBytes.Walk walk = actual.walk();
    for (Map.Entry<byte[], byte[]> entry : expected.entrySet()) {
      assertTrue(walk.next());
      assertArrayEquals(entry.getKey(), walk.key());
      assertArrayEquals(entry.getValue(), walk.value());
      bytes += entry.getKey().length + entry.getValue().length;
    }
    assertFalse(walk.next());
    assertEquals(bytes, actual.sizeBytes());
    assertArrayEquals(expected.isEmpty() ? null : expected.lastKey(), actual.lastKey());
  }

  @Test
  void everyVersionStaysAsItWas() {
    SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));
    Keys keys = new Keys(random);
    TreeMap<byte[], byte[]> expected = new TreeMap<>(Arrays::compareUnsigned);
    SortedBytes map = SortedBytes.EMPTY;
    List<TreeMap<byte[], byte[]>> models = new ArrayList<>();
    List<SortedBytes> versions = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      byte[] key = keys.any();
      if (random.nextInt(5) < 2) {
        expected.remove(key);
        map = map.without(key);
      } else {
        byte[] value = Data.random(random.nextInt(20), i);
        expected.put(key, value);
        map = map.with(key, value);
      }
      assertArrayEquals(expected.get(key), map.get(key));
      if (i % 100 == 0) {
        models.add(new TreeMap<>(expected));
        versions.add(map);
      }
    }
    for (int i = 0; i < models.size(); i++) {
      assertEqual(models.get(i), versions.get(i));
    }
  }

  /** Rising keys would make a chain of a tree that does not balance, and overflow the stack. */
  @Test
  void manyRisingKeysStayShallow() {
    SortedBytes map = SortedBytes.EMPTY;
    for (int i = 0; i < 200_000; i++) {
      map = map.with(Data.key(i), Data.key(i));
    }
    for (int i = 0; i < 200_000; i += 2) {
      map = map.without(Data.key(i));
    }
    assertEquals(100_000, map.size());
    assertNull(map.get(Data.key(100)));
    assertArrayEquals(Data.key(199_999), map.lastKey());
    assertTrue(map.height() <= 25, () -> "not balanced");
  }

  @Test
  void removingWhatIsNotThereChangesNothing() {
    SortedBytes map = SortedBytes.EMPTY.with(new byte[] {1}, new byte[3]);
    assertEquals(map, map.without(new byte[] {2}));
    assertEquals(0, map.without(new byte[] {1}).sizeBytes());
  }
}
