package dev.cairn.store;

import static dev.cairn.store.Stores.USERS;
import static dev.cairn.store.Stores.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Engine;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A second JVM updates a store on four threads, commits and defragments at random, says which
 * applied index is durable, and is killed. The data then equals exactly the updates up to the
 * stored applied index, which is not behind what was said.
 */
class KillsTest {
  private static final int KEYS = 300;

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("dev.cairn.store.Stores#engines")
  void theDataIsExactlyThatOfTheStoredIndex(Engine engine) throws InterruptedException {
    SplittableRandom random = new SplittableRandom(TestRun.seed(KillsTest.class));
    Path file = folder.resolve("db");
    int kills = TestRun.count(20, 200);
    Replay replay = new Replay();
    long said = 0;
    for (int i = 0; i < kills; i++) {
      String seed = Long.toString(random.nextLong());
      try (ChildStore child =
          ChildStore.start(Child.class, engine.info().name(), file.toString(), seed)) {
        said = Math.max(said, readSome(child, 1 + random.nextInt(400)));
        child.kill();
        for (String line = child.readLine(); line != null; line = child.readLine()) {
          said = Math.max(said, number(line));
        }
      }
      replay.assertSameAs(engine, file, said);
    }
    TestRun.report("kills on " + engine.info().name(), kills);
    TestRun.report("updates that outlived them", replay.index);
  }

  private static long readSome(ChildStore child, int lines) {
    long said = 0;
    for (int i = 0; i < lines; i++) {
      String line = child.readLine();
      assertNotNull(line, "the child ended by itself");
      said = Math.max(said, number(line));
    }
    return said;
  }

  /** A line that the kill cut short may end early; what it says is then less. */
  private static long number(String line) {
    return line.isEmpty() ? 0 : Long.parseLong(line);
  }

  private static String key(long index) {
    return String.format("k%05d", index * 7919 % KEYS);
  }

  /** The updates up to an index, as a map. */
  private static final class Replay {
    private final TreeMap<String, String> entries = new TreeMap<>();
    private long index;

    void assertSameAs(Engine engine, Path file, long atLeast) {
      StoreConfig config = Stores.config(engine).withAppliedCodec(new Stores.MetaCodec());
      try (Store store = Store.open(file, config)) {
        long applied = store.applied().index();
        assertTrue(applied >= atLeast, () -> atLeast + " was durable, " + applied + " is there");
        while (index < applied) {
          step(++index);
        }
        Map<String, Map<String, String>> content = store.view(Stores::content);
        assertEquals(entries, content.getOrDefault(USERS.toString(), Map.of()));
      }
    }

    private void step(long number) {
      if (number % 50 == 0) {
        entries.subMap(key(number), "l").clear();
      } else if (number % 3 == 0) {
        entries.remove(key(number));
      } else {
        entries.put(key(number), "v" + number);
      }
    }
  }

  /** Runs until it is killed. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws InterruptedException {
      Engine engine = Stores.engine(args[0]);
      SplittableRandom random = new SplittableRandom(Long.parseLong(args[2]));
      StoreConfig config =
          Stores.config(engine)
              .withAppliedCodec(new Stores.MetaCodec())
              .withCommitPolicy(policy(random));
      Store store = Store.open(Path.of(args[1]), config);
      for (int i = 0; i < 4; i++) {
        SplittableRandom own = random.split();
        Threads.start(() -> work(store, own));
      }
      Thread.currentThread().join();
    }

    private static CommitPolicy policy(SplittableRandom random) {
      return random.nextBoolean()
          ? CommitPolicy.immediate()
          : CommitPolicy.batched(1 + random.nextInt(200), 1 + random.nextInt(20_000), 5);
    }

    private static void work(Store store, SplittableRandom random) {
      try {
        while (true) {
          store.update(Child::next);
          int dice = random.nextInt(200);
          if (dice < 20) {
            store.commit();
          } else if (dice < 22) {
            store.snapshot().close();
          } else if (dice == 22) {
            store.defragment();
          }
          say(store.durableApplied().index());
        }
      } catch (Throwable e) {
        e.printStackTrace();
        Runtime.getRuntime().halt(1);
      }
    }

    /** One write each, so that a cut line is a number all the same. */
    private static void say(long index) {
      byte[] line = utf8(index + "\n");
      System.out.write(line, 0, line.length);
      System.out.flush();
    }

    private static void next(StoreTx tx) {
      long index = tx.applied().index() + 1;
      tx.createBucket(USERS);
      if (index % 50 == 0) {
        tx.deleteRange(USERS, utf8(key(index)), utf8("l"));
      } else if (index % 3 == 0) {
        tx.delete(USERS, utf8(key(index)));
      } else {
        tx.put(USERS, utf8(key(index)), utf8("v" + index));
      }
      tx.applied(index, 1);
    }
  }
}
