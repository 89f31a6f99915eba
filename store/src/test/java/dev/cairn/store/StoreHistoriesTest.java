package dev.cairn.store;

import dev.cairn.engine.lmdb.LmdbEngine;
import dev.cairn.io.LocalDisk;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.StrictEngine;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random histories: updates, failures, views held over commits, snapshots, defragmentation. */
class StoreHistoriesTest {
  private static final int STEPS = 60;

  private final SplittableRandom seeds =
      new SplittableRandom(TestRun.seed(StoreHistoriesTest.class));

  /** In memory, with an engine that watches whether everything is closed and no buffer outlived. */
  @Test
  void aStoreIsWhatTheModelSaysOnHeap() throws IOException {
    int histories = TestRun.count(200, 2_000);
    for (int i = 0; i < histories; i++) {
      SimulatedDisk disk = new SimulatedDisk(i);
      StrictEngine engine = new StrictEngine(new HeapEngine(disk));
      new Histories(engine, disk, Path.of("/db").toAbsolutePath(), seeds.split()).run(STEPS);
      engine.assertNothingOpen();
    }
    TestRun.report("store histories on heap", histories);
  }

  @Test
  void aStoreIsWhatTheModelSaysOnLmdb(@TempDir Path folder) throws IOException {
    int histories = TestRun.count(40, 500);
    for (int i = 0; i < histories; i++) {
      Path file = Files.createDirectory(folder.resolve("h" + i)).resolve("db");
      StrictEngine engine = new StrictEngine(new LmdbEngine());
      new Histories(engine, LocalDisk.INSTANCE, file, seeds.split()).run(STEPS);
      engine.assertNothingOpen();
    }
    TestRun.report("store histories on lmdb", histories);
  }
}
