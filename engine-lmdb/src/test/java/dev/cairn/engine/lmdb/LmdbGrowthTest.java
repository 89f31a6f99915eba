package dev.cairn.engine.lmdb;

import static dev.cairn.engine.lmdb.Stores.CONFIG;
import static dev.cairn.engine.lmdb.Stores.ENGINE;
import static dev.cairn.engine.lmdb.Stores.USERS;
import static dev.cairn.engine.lmdb.Stores.assertCode;
import static dev.cairn.engine.lmdb.Stores.hash;
import static dev.cairn.engine.lmdb.Stores.puts;
import static dev.cairn.engine.lmdb.Stores.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A map that is too small: it grows under whoever reads, or the commit is rejected whole. */
class LmdbGrowthTest {
  private static final BackendConfig TINY = CONFIG.withOption("lmdb.mapSizeBytes", "65536");

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));

  @Test
  void theMapGrowsUnderViewsCursorsAndSnapshots() throws Exception {
    try (Backend backend = ENGINE.open(directory.resolve("db"), TINY)) {
      Batch first = puts(random, USERS, 200, 100);
      backend.commit(first);
      String before = hash(backend);
      try (ReadView view = backend.openView();
          Cursor cursor = view.openCursor(USERS);
          Snapshot snapshot = backend.snapshot()) {
        assertTrue(cursor.next());
        for (int i = 0; i < 20; i++) {
          backend.commit(puts(random, USERS, 200, 4_000));
          assertTrue(cursor.next());
        }
        int rest = 21;
        while (cursor.next()) {
          rest++;
        }
        // Short random keys may coincide.
        assertEquals(first.changes().get(0).size(), rest);
        assertEquals(before, ContentHash.v1(view));
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        snapshot.writeTo(Channels.newChannel(image));
        Path file = Files.write(directory.resolve("image"), image.toByteArray());
        assertEquals(before, Stores.imageHash(file));
      }
      assertTrue(backend.stats().fileBytes() > 4 << 20);
    }
  }

  @Test
  void theMapGrowsUnderRunningReaders() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    try (Backend backend = ENGINE.open(directory.resolve("db"), TINY)) {
      backend.commit(puts(random, USERS, 500, 5_000));
      String before = hash(backend);
      List<CompletableFuture<Integer>> readers = new ArrayList<>();
      ReadView[] views = {backend.openView(), backend.openView(), backend.openView()};
      for (ReadView view : views) {
        readers.add(CompletableFuture.supplyAsync(() -> scans(view, before, done)));
      }
      for (int i = 0; i < 30; i++) {
        backend.commit(puts(random, USERS, 300, 4_000));
      }
      done.set(true);
      int scans = 0;
      for (CompletableFuture<Integer> reader : readers) {
        scans += reader.get();
      }
      TestRun.report("lmdb scans while the map moved", scans);
      assertTrue(scans >= views.length);
    }
  }

  private static int scans(ReadView view, String expected, AtomicBoolean done) {
    int count = 0;
    do {
      assertEquals(expected, ContentHash.v1(view));
      count++;
    } while (!done.get());
    return count;
  }

  @Test
  void beyondTheLargestMapACommitIsRejectedWhole() {
    Path store = directory.resolve("db");
    String before;
    try (Backend backend = ENGINE.open(store, TINY.withOption("lmdb.mapSizeBytesMax", "1048576"))) {
      StorageException full = null;
      do {
        before = hash(backend);
        full = commit(backend, puts(random, USERS, 50, 2_000));
      } while (full == null);
      assertEquals(Code.FULL, full.code());
      assertTrue(full.getMessage().contains("lmdb.mapSizeBytesMax"), full.getMessage());
      assertEquals(before, hash(backend));
      assertCode(Code.FULL, () -> backend.commit(puts(random, USERS, 50, 100_000)));
      assertEquals(before, hash(backend));
    }
    try (Backend backend = ENGINE.open(store, CONFIG)) {
      assertEquals(before, hash(backend));
      backend.commit(Batch.builder().put(USERS, utf8("k"), utf8("v")).build());
      try (ReadView view = backend.openView()) {
        assertArrayEquals(utf8("v"), view.get(USERS, utf8("k")));
      }
    }
  }

  private static StorageException commit(Backend backend, Batch batch) {
    try {
      backend.commit(batch);
      return null;
    } catch (StorageException e) {
      return e;
    }
  }

  @Test
  void theOptionsAreChecked() {
    Path store = directory.resolve("db");
    assertCode(
        Code.LIMIT,
        () ->
            ENGINE.open(
                store,
                CONFIG
                    .withOption("lmdb.mapSizeBytes", "131072")
                    .withOption("lmdb.mapSizeBytesMax", "65536")));
    assertCode(Code.LIMIT, () -> ENGINE.open(store, CONFIG.withOption("lmdb.maxReaders", "many")));
    assertCode(Code.LIMIT, () -> ENGINE.open(store, CONFIG.withOption("lmdb.maxReaders", "99999")));
    String larger = Long.toString(Long.MAX_VALUE);
    assertCode(
        Code.LIMIT, () -> ENGINE.open(store, CONFIG.withOption("lmdb.mapSizeBytesMax", larger)));
    assertTrue(Files.notExists(store));
  }

  @Test
  void noMoreViewsThanReaderSlots() {
    BackendConfig few = CONFIG.withOption("lmdb.maxReaders", "3");
    try (Backend backend = ENGINE.open(directory.resolve("db"), few)) {
      backend.commit(puts(random, USERS, 10, 10));
      ReadView first = backend.openView();
      backend.openView();
      Snapshot third = backend.snapshot();
      assertCode(Code.LIMIT, backend::openView);
      assertCode(Code.LIMIT, backend::snapshot);
      backend.commit(puts(random, USERS, 10, 10));
      third.close();
      String seen = ContentHash.v1(first);
      try (ReadView again = backend.openView()) {
        assertTrue(!seen.equals(ContentHash.v1(again)));
      }
      assertEquals(2, backend.stats().pinsOpen());
    }
  }
}
