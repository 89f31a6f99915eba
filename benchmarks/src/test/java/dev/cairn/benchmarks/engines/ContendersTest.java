package dev.cairn.benchmarks.engines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.cairn.benchmarks.WorkFolder;
import dev.cairn.testkit.TestRun;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever is measured holds what was put: compared with a map, also after it was opened again. */
class ContendersTest {
  private static final int BATCHES = 6;
  private static final int BATCH = 300;
  private static final List<String> WITHOUT_VIEWS = List.of("mapdb-raw", "mapdb-stock");

  private final SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));
  private final TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);

  static List<String> names() {
    return Contenders.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void holdsShortValues(String name) {
    holds(name, 100);
  }

  @ParameterizedTest
  @MethodSource("names")
  void holdsLongValues(String name) {
    holds(name, 4096);
  }

  private void holds(String name, int valueBytes) {
    try (WorkFolder folder = new WorkFolder()) {
      try (Contender contender = Contenders.open(name, folder.resolve("store"), valueBytes)) {
        for (int i = 0; i < BATCHES; i++) {
          putSome(contender, valueBytes, i);
        }
        check(contender);
      }
      try (Contender contender = Contenders.open(name, folder.resolve("store"), valueBytes)) {
        check(contender);
        putSome(contender, valueBytes, BATCHES);
        check(contender);
      }
    }
    TestRun.report(name + " entries of " + valueBytes + " bytes compared", 3L * model.size());
  }

  /** New keys in order, new ones anywhere, and replaced ones. */
  private void putSome(Contender contender, int valueBytes, int batch) {
    byte[][] keys =
        Data.keys(batch * (long) BATCH, BATCH, batch % 2 == 0 ? "sequential" : "random");
    for (int i = 0; i < BATCH / 4 && !model.isEmpty(); i++) {
      keys[random.nextInt(BATCH)] = model.ceilingKey(Data.key(random.nextLong(model.size())));
    }
    byte[][] values = new byte[BATCH][valueBytes];
    for (int i = 0; i < BATCH; i++) {
      random.nextBytes(values[i]);
      model.put(keys[i], values[i]);
    }
    contender.put(keys, values);
  }

  private void check(Contender contender) {
    try (Contender.View view = contender.openView()) {
      long sum = 0;
      for (Map.Entry<byte[], byte[]> entry : model.entrySet()) {
        assertArrayEquals(entry.getValue(), view.get(entry.getKey()));
        sum = Sum.add(sum, entry.getKey(), entry.getValue());
      }
      assertEquals(sum, view.scan());
      assertNull(view.get(Data.key(-1)));
    }
  }

  static List<String> withViews() {
    return names().stream().filter(name -> !WITHOUT_VIEWS.contains(name)).toList();
  }

  @ParameterizedTest
  @MethodSource("withViews")
  void viewsAreStable(String name) {
    try (WorkFolder folder = new WorkFolder();
        Contender contender = Contenders.open(name, folder.resolve("store"), 100)) {
      putSome(contender, 100, 0);
      try (Contender.View before = contender.openView()) {
        long sum = before.scan();
        Data.fill(contender, 3 * BATCH, 100);
        assertEquals(sum, before.scan());
        try (Contender.View after = contender.openView()) {
          assertNotEquals(sum, after.scan());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void whatIsAskedForIsThere(String name) {
    try (WorkFolder folder = new WorkFolder();
        Contender contender = Contenders.open(name, folder.resolve("store"), 100)) {
      Data.fill(contender, 500, 100);
      Asked asked = new Asked(500);
      try (Contender.View view = contender.openView()) {
        for (int i = 0; i < 1_000; i++) {
          assertEquals(100, view.get(asked.next()).length);
        }
      }
    }
  }
}
