package dev.cairn.engine.bbolt;

import static dev.cairn.engine.bbolt.Stores.CONFIG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.BboltTool;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random trees on pages of all sizes, judged by a model, by our checker and by bbolt's own. */
class BboltTreesTest {
  private static final Path STORE = Path.of("/db");
  private static final int JUDGED_BY_BBOLT_EVERY = 20;

  @TempDir Path directory;

  private final long seed = TestRun.seed(getClass());
  private long commits;
  private long checks;
  private long judged;

  @Test
  void treesEqualTheModelAndAreSound() {
    Optional<BboltTool> bbolt = BboltTool.find(directory);
    int histories = TestRun.count(1_000, 10_000);
    for (int i = 0; i < histories; i++) {
      SimulatedDisk disk = new SimulatedDisk(seed + i);
      try {
        history(disk, new SplittableRandom(seed + i));
        if (i % JUDGED_BY_BBOLT_EVERY == 0 && bbolt.isPresent()) {
          judge(bbolt.get(), disk);
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("history " + i + " of seed " + Long.toHexString(seed), e);
      }
      assertEquals(0, disk.openFiles().size());
    }
    TestRun.report("bbolt tree histories", histories);
    TestRun.report("commits in them", commits);
    TestRun.report("checks of their files", checks);
    TestRun.report("files judged by bbolt's own check", judged);
    if (bbolt.isEmpty()) {
      System.out.println("bbolt's own check did not judge: neither bbolt nor Go with its sources");
    }
  }

  private static BackendConfig config(SplittableRandom random) {
    int pageSizeBytes = new int[] {512, 1024, 4096, 16384}[random.nextInt(4)];
    return CONFIG
        .withOption("bbolt.pageSizeBytes", Integer.toString(pageSizeBytes))
        .withOption("bbolt.freelist", random.nextBoolean() ? "stored" : "scanned")
        .withOption("bbolt.cacheBytes", random.nextBoolean() ? "20000" : "10000000");
  }

  private void history(SimulatedDisk disk, SplittableRandom random) {
    BackendConfig config = config(random);
    RandomBatches batches =
        new RandomBatches(random, Integer.parseInt(config.options().get("bbolt.pageSizeBytes")));
    Content content = new Content();
    Content pinned = new Content();
    BboltEngine engine = new BboltEngine(disk);
    for (int session = 0; session < 3; session++) {
      try (Backend backend = engine.open(STORE, config);
          ReadView first = backend.openView()) {
        pinned = content.copy();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
          Batch batch = batches.next(content);
          backend.commit(batch);
          content.apply(batch);
          commits++;
          if (random.nextInt(4) == 0) {
            content.assertIs(backend);
            check(disk);
          }
        }
        pinned.assertIs(first);
      }
      check(disk);
      try (Backend backend = engine.open(STORE, Stores.READ_ONLY)) {
        content.assertIs(backend);
      }
    }
  }

  private void check(SimulatedDisk disk) {
    Stores.assertSound(disk, STORE);
    checks++;
  }

  private void judge(BboltTool bbolt, SimulatedDisk disk) {
    Path file = Stores.write(directory.resolve("judged" + judged), disk.bytes(STORE));
    BboltTool.Outcome outcome = bbolt.check(file);
    assertEquals(0, outcome.exitCode(), outcome.output());
    LocalDisk.INSTANCE.delete(file);
    judged++;
  }
}
