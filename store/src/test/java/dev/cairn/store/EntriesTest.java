package dev.cairn.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Entries against a tree map, with frozen copies that must never change. */
class EntriesTest {
  private record Frozen(Entries entries, TreeMap<byte[], byte[]> model) {}

  private static TreeMap<byte[], byte[]> model() {
    return new TreeMap<>(Arrays::compareUnsigned);
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(4).putInt(number * 0x9E3779B1).array();
  }

  private static void assertSameAs(TreeMap<byte[], byte[]> model, Entries entries) {
    assertEquals(model.size(), entries.size());
    assertSame(model.isEmpty() ? null : model.lastKey(), entries.lastKey());
    long bytes = 0;
    Entries.Walk walk = entries.walk();
    for (Map.Entry<byte[], byte[]> each : model.entrySet()) {
      assertTrue(walk.next());
      assertArrayEquals(each.getKey(), walk.key());
      assertSame(each.getValue(), walk.value());
      bytes += each.getKey().length + each.getValue().length;
    }
    assertFalse(walk.next());
    assertFalse(walk.next());
    assertEquals(bytes, entries.sizeBytes());
  }

  @Test
  void randomWritesEqualTheModelAndFrozenCopiesStay() {
    SplittableRandom random = new SplittableRandom(TestRun.seed(EntriesTest.class));
    for (int round = 0; round < TestRun.count(40, 400); round++) {
      int keys = 1 << random.nextInt(1, 13);
      Entries entries = Entries.empty();
      TreeMap<byte[], byte[]> model = model();
      List<Frozen> frozen = new ArrayList<>();
      for (int i = 0; i < keys; i++) {
        byte[] key = key(random.nextInt(keys));
        byte[] value = random.nextInt(4) == 0 ? Entries.TOMBSTONE : new byte[random.nextInt(3)];
        entries.put(key, value);
        // The first key array stays, as in a tree map.
        model.put(key, value);
        if (random.nextInt(keys) < 4) {
          frozen.add(new Frozen(entries.frozen(), new TreeMap<>(model)));
          entries = random.nextBoolean() ? entries : frozen.get(0).entries.edit();
          model = entries == frozen.get(0).entries ? model : copyOf(entries);
        }
      }
      assertSameAs(model, entries);
      frozen.forEach(each -> assertSameAs(each.model, each.entries));
      assertFindsAndSeeks(random, keys, model, entries);
    }
  }

  private static TreeMap<byte[], byte[]> copyOf(Entries entries) {
    TreeMap<byte[], byte[]> copy = model();
    Entries.Walk walk = entries.frozen().walk();
    while (walk.next()) {
      copy.put(walk.key(), walk.value());
    }
    return copy;
  }

  private static void assertFindsAndSeeks(
      SplittableRandom random, int keys, TreeMap<byte[], byte[]> model, Entries entries) {
    Entries.Walk walk = entries.walk();
    for (int i = 0; i < 200; i++) {
      byte[] key = key(random.nextInt(keys * 2));
      assertSame(model.get(key), entries.find(key));
      byte[] ceiling = model.ceilingKey(key);
      assertEquals(ceiling != null, walk.seek(key));
      if (ceiling != null) {
        assertArrayEquals(ceiling, walk.key());
        assertEquals(model.higherKey(ceiling) != null, walk.next());
      }
    }
  }

  @Test
  void risingKeysGoInWithoutMovingOthers() {
    Entries entries = Entries.empty();
    TreeMap<byte[], byte[]> model = model();
    for (int i = 0; i < 10_000; i++) {
      byte[] key = ByteBuffer.allocate(4).putInt(i).array();
      entries.put(key, key);
      model.put(key, key);
    }
    assertSameAs(model, entries);
  }

  @Test
  void nothingIsFoundInNothing() {
    assertNull(Entries.NONE.find(key(1)));
    assertNull(Entries.NONE.lastKey());
    assertFalse(Entries.NONE.walk().next());
    assertFalse(Entries.NONE.walk().seek(key(1)));
    assertSame(Entries.NONE, Entries.NONE.frozen());
  }
}
