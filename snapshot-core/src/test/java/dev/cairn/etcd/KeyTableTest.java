package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The table against a map. */
class KeyTableTest {
  private static final long SEED = TestRun.seed(KeyTableTest.class);

  private final SplittableRandom random = new SplittableRandom(SEED);

  private static ByteBuffer key(int number) {
    return ByteBuffer.allocate(4).putInt(number).flip();
  }

  @Test
  void answersAsAMapDoes() {
    KeyTable table = new KeyTable(1 << 20);
    Map<Integer, Long> model = new HashMap<>();
    int steps = TestRun.count(200_000, 5_000_000);
    for (int i = 0; i < steps; i++) {
      int key = random.nextInt(i < steps / 2 ? 20_000 : 200);
      assertTrue(table.find(key(key)));
      Long known = model.get(key);
      assertEquals(known != null, table.present());
      if (known != null) {
        assertEquals(known, table.first());
        assertEquals(-known, table.second());
      }
      if (known != null && random.nextInt(3) == 0) {
        table.remove();
        model.remove(key);
      } else {
        table.put(i, -i);
        model.put(key, (long) i);
      }
      assertEquals(model.size(), table.size());
    }
    assertEquals(1.0, table.share());
    TestRun.report("table operations", steps);
  }

  @Test
  void rangesTogetherHaveEachKeyOnce() {
    KeyTable table = new KeyTable(0);
    int keys = 10_000;
    int[] seen = new int[keys];
    int ranges = 0;
    do {
      for (int i = 0; i < keys; i++) {
        if (table.find(key(i))) {
          assertFalse(table.present());
          table.put(i, 0);
        }
      }
      for (int i = 0; i < keys; i++) {
        if (table.find(key(i))) {
          assertTrue(table.present());
          assertEquals(i, table.first());
          seen[i]++;
        }
      }
      assertTrue(table.size() <= 48 && table.share() < 0.02, table.size() + " " + table.share());
      ranges++;
    } while (table.nextRange());
    for (int count : seen) {
      assertEquals(1, count);
    }
    assertTrue(ranges > keys / 48, ranges + " ranges");
  }
}
