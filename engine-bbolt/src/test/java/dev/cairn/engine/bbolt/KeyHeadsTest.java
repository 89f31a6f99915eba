package dev.cairn.engine.bbolt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.testkit.TestRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A search by heads finds what a look at every key finds. */
class KeyHeadsTest {
  private final SplittableRandom random = new SplittableRandom(TestRun.seed(KeyHeadsTest.class));

  @Test
  void findsWhatALookAtEveryKeyFinds() {
    int pages = TestRun.count(500, 20_000);
    long searches = 0;
    long skipping = 0;
    for (int i = 0; i < pages; i++) {
      List<byte[]> keys = keys();
      Page page = page(keys);
      long[] heads = KeyHeads.of(page);
      skipping += heads[0] > 0 ? 1 : 0;
      for (byte[] key : asked(keys)) {
        int from = random.nextInt(1 + least(keys, key, false));
        assertEquals(
            least(keys, key, false), KeyHeads.search(page, heads, key, from, false), "not less");
        assertEquals(
            least(keys, key, true), KeyHeads.search(page, heads, key, from, true), "above");
        assertEquals(least(keys, key, false), page.firstNotLess(key, from), "through the page");
        assertEquals(Math.max(1, least(keys, key, true)) - 1, page.childIndex(key), "child");
        searches++;
      }
    }
    assertTrue(skipping > 0 && skipping < pages, skipping + " skip a common start");
    TestRun.report("searches by heads", searches);
  }

  /** Some start with the same bytes, some with zeros, and few bytes are different at all. */
  private List<byte[]> keys() {
    byte[] start = bytes(random.nextInt(3) == 0 ? 0 : random.nextInt(24));
    TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
    int count = 1 + random.nextInt(40);
    for (int i = 0; i < count; i++) {
      byte[] end = bytes(random.nextInt(14));
      byte[] key = Arrays.copyOf(start, start.length + end.length);
      System.arraycopy(end, 0, key, start.length, end.length);
      keys.add(key.length == 0 ? new byte[] {(byte) random.nextInt(256)} : key);
    }
    return new ArrayList<>(keys);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    int kinds = 1 + random.nextInt(256);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) -random.nextInt(kinds);
    }
    return bytes;
  }

  private List<byte[]> asked(List<byte[]> keys) {
    List<byte[]> asked = new ArrayList<>(List.of(new byte[0], new byte[9], bytes(20)));
    for (byte[] key : keys) {
      asked.add(key);
      asked.add(Arrays.copyOf(key, random.nextInt(key.length + 1)));
      asked.add(Arrays.copyOf(key, key.length + 1 + random.nextInt(9)));
      byte[] other = key.clone();
      other[random.nextInt(other.length)] += (byte) (random.nextBoolean() ? 1 : -1);
      asked.add(other);
    }
    return asked;
  }

  private static Page page(List<byte[]> keys) {
    Draft draft = Draft.leaf(0, keys.size());
    keys.forEach(key -> draft.add(key, new byte[] {1, 2, 3}));
    byte[] bytes = new byte[(int) draft.sizeBytes()];
    draft.encode(bytes, 7, 1);
    return new Page(null, 7, 1, bytes, true);
  }

  private static int least(List<byte[]> keys, byte[] key, boolean above) {
    int index = 0;
    while (index < keys.size()) {
      int compared = Arrays.compareUnsigned(keys.get(index), key);
      if (compared > 0 || compared == 0 && !above) {
        break;
      }
      index++;
    }
    return index;
  }
}
