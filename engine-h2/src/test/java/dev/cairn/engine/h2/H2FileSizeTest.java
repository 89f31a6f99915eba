package dev.cairn.engine.h2;

import static dev.cairn.engine.h2.Stores.CONFIG;
import static dev.cairn.engine.h2.Stores.ENGINE;
import static dev.cairn.engine.h2.Stores.USERS;
import static dev.cairn.engine.h2.Stores.hash;
import static dev.cairn.engine.h2.Stores.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendStats;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.h2.mvstore.DataUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What MVStore is known for, and what is done about it: small commits, and a file that grows. */
class H2FileSizeTest {
  private static final int KEYS = 20_000;
  private static final int VALUE_BYTES = 200;
  private static final long CONTENT_BYTES = KEYS * (10L + VALUE_BYTES);

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));

  private Batch puts(int count, boolean all) {
    return puts(count, all, KEYS);
  }

  private Batch puts(int count, boolean all, int keys) {
    Batch.Builder batch = Batch.builder().createBucket(USERS);
    for (int i = 0; i < count; i++) {
      String key = String.format(Locale.ROOT, "%010d", all ? i : random.nextInt(keys));
      batch.put(USERS, utf8(key), Stores.random(random, VALUE_BYTES));
    }
    return batch.build();
  }

  private static void figure(String what, long bytes) {
    System.out.printf(Locale.ROOT, "figure h2 %s: %,d%n", what, bytes);
  }

  @Test
  void smallOverwritesKeepTheFileBounded() {
    Path store = directory.resolve("db");
    int commits = TestRun.count(3_000, 30_000);
    long largest = 0;
    try (Backend backend = ENGINE.open(store, CONFIG)) {
      backend.commit(puts(KEYS, true));
      for (int i = 0; i < commits; i++) {
        backend.commit(puts(5, false));
        largest = Math.max(largest, backend.stats().fileBytes());
      }
      BackendStats stats = backend.stats();
      TestRun.report("h2 small overwriting commits", commits);
      figure("content bytes", CONTENT_BYTES);
      figure("live bytes after them", stats.liveBytes());
      figure("file bytes after them", stats.fileBytes());
      figure("file bytes at most", largest);
    }
    assertTrue(largest < 4 * CONTENT_BYTES + (8 << 20), largest + " bytes");
  }

  @Test
  void openingAndClosingKeepsTheFileBounded() {
    Path store = directory.resolve("db");
    int opens = TestRun.count(300, 3_000);
    for (int i = 0; i < opens; i++) {
      try (Backend backend = ENGINE.open(store, CONFIG)) {
        backend.commit(puts(3, false));
      }
    }
    try (Backend backend = ENGINE.open(store, CONFIG)) {
      String before = hash(backend);
      BackendStats stats = backend.stats();
      TestRun.report("h2 openings, a commit each", opens);
      figure("live bytes after them", stats.liveBytes());
      figure("file bytes after them", stats.fileBytes());
      assertTrue(stats.fileBytes() < 4 * stats.liveBytes() + (4 << 20), stats::toString);
      assertEquals(before, hash(backend));
    }
  }

  /** The dead chunks that an opening finds are dropped in turn, and are no reason to move pages. */
  @Test
  void deadChunksDoNotGatherOverOpenings() {
    Path store = directory.resolve("db");
    BackendConfig eager = CONFIG.withOption("h2.slackBytes", "1");
    int keys = 2_000;
    try (Backend backend = ENGINE.open(store, eager)) {
      backend.commit(puts(keys, true));
    }
    int opens = TestRun.count(150, 1_500);
    long largest = 0;
    for (int i = 0; i < opens; i++) {
      try (Backend backend = ENGINE.open(store, eager)) {
        backend.commit(puts(3, false, keys));
        largest = Math.max(largest, backend.stats().fileBytes());
      }
      assertEquals(List.of(), keptTooLong(store), "after opening " + i);
    }
    TestRun.report("h2 openings of a store that moves pages", opens);
    figure("file bytes at most over them", largest);
    long contentBytes = keys * (10L + VALUE_BYTES);
    assertTrue(largest < 6 * contentBytes, largest + " bytes");
  }

  /** What the layout says of chunks that have been dead for longer than MVStore is told to keep. */
  private static List<String> keptTooLong(Path store) {
    try (DiskFile file = LocalDisk.INSTANCE.open(store, Disk.Mode.READ)) {
      Maps maps = Maps.open(file, file.sizeBytes(), true, 1);
      try {
        long version = maps.disk().point().header().version();
        return maps.store().getLayoutMap().values().stream()
            .filter(text -> text.contains(",livePages:0,"))
            .filter(text -> unusedAtVersion(text) < version - Maps.VERSIONS_TO_KEEP)
            .toList();
      } finally {
        maps.close();
      }
    }
  }

  private static long unusedAtVersion(String chunk) {
    return DataUtils.readHexLong(DataUtils.parseMap(chunk), "unusedAtVersion", 0);
  }

  /** Moving pages would free nothing then, and each move would cost its bytes again. */
  @Test
  void anOpenViewDoesNotSetPagesMoving() {
    BackendConfig eager = CONFIG.withOption("h2.slackBytes", "1");
    try (Backend backend = ENGINE.open(directory.resolve("db"), eager)) {
      backend.commit(puts(KEYS, true));
      long before = backend.stats().fileBytes();
      int commits = 300;
      try (ReadView view = backend.openView()) {
        for (int i = 0; i < commits; i++) {
          backend.commit(puts(5, false));
        }
        assertEquals(KEYS, entries(view));
      }
      long perCommit = (backend.stats().fileBytes() - before) / commits;
      figure("file bytes per commit while a view is open", perCommit);
      assertTrue(perCommit < 100_000, perCommit + " bytes for each commit");
    }
  }

  private static int entries(ReadView view) {
    int count = 0;
    try (Cursor cursor = view.openCursor(USERS)) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }

  /** What a snapshot or view keeps is given back, and then used again. */
  @Test
  void spaceThatWasPinnedIsUsedAgain() throws Exception {
    try (Backend backend = ENGINE.open(directory.resolve("db"), CONFIG)) {
      backend.commit(puts(2_000, true));
      long pinnedMost;
      try (var snapshot = backend.snapshot()) {
        for (int i = 0; i < 300; i++) {
          backend.commit(puts(20, false));
        }
        pinnedMost = backend.stats().fileBytes();
        assertTrue(snapshot.size() < pinnedMost);
      }
      for (int i = 0; i < 300; i++) {
        backend.commit(puts(20, false));
      }
      figure("file bytes while a snapshot is open", pinnedMost);
      figure("file bytes after as many commits more", backend.stats().fileBytes());
      assertTrue(backend.stats().fileBytes() < pinnedMost);
      assertEquals(0, backend.stats().pinnedBytes());
    }
  }
}
