package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendStats;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Engine;
import dev.cairn.spi.Engines;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A view that stays open while commits go on reads its instant to the end; what that costs is
 * printed. Past the bound it is revoked, and commits go on as if it had not been there.
 */
class LongViewTest {
  private static final Bucket DATA = Bucket.named("data");
  private static final int KEYS = 4_000;
  private static final int VALUE_BYTES = 1_000;
  private static final int COMMITS = 1_000;
  private static final int PUTS_PER_COMMIT = 4;
  private static final int LOOKS = 5;

  @TempDir Path folder;

  static Stream<String> engines() {
    return Engines.all().stream().map(engine -> engine.info().name());
  }

  /** The same row of batches for an engine and for what it is compared with. */
  private static final class Writer implements AutoCloseable {
    private final SplittableRandom random;
    private final Backend expected;
    private final Backend backend;

    Writer(long seed, Engine engine, Path store, BackendConfig config) {
      random = new SplittableRandom(seed);
      expected =
          new HeapEngine(new SimulatedDisk(seed))
              .open(Path.of("/expected"), BackendConfig.defaults());
      backend = engine.open(store, config);
    }

    private void commit(int from, int count) {
      Batch.Builder batch = Batch.builder().createBucket(DATA);
      for (int i = 0; i < count; i++) {
        int key = from < 0 ? random.nextInt(KEYS) : from + i;
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        batch.put(DATA, ByteBuffer.allocate(Integer.BYTES).putInt(key).array(), value);
      }
      Batch built = batch.build();
      expected.commit(built);
      backend.commit(built);
    }

    void fill() {
      for (int key = 0; key < KEYS; key += 500) {
        commit(key, 500);
      }
    }

    void change(int commits) {
      for (int i = 0; i < commits; i++) {
        commit(-1, PUTS_PER_COMMIT);
      }
    }

    void assertRight() {
      assertEquals(hash(expected), hash(backend));
    }

    @Override
    public void close() {
      backend.close();
      expected.close();
    }
  }

  private static String hash(Backend backend) {
    try (ReadView view = backend.openView()) {
      return ContentHash.v1(view);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aLongViewReadsItsInstantWhileCommitsGoOn(String name) throws IOException {
    Engine engine = Engines.named(name);
    long seed = TestRun.seed(getClass());
    Figures without = run(engine, seed, folder.resolve("without"), false);
    Figures with = run(engine, seed, folder.resolve("with"), true);
    figure(name, "live bytes", with.liveBytes);
    figure(name, "file growth without a view", without.fileGrowthBytes);
    figure(name, "file growth under a view", with.fileGrowthBytes);
    figure(name, "pinned bytes under a view", with.pinnedBytes);
    // The rest of the growth is the same in both runs: it is what the store is compared with.
    figure(name, "heap more under a view", with.heapGrowthBytes - without.heapGrowthBytes);
    TestRun.report(name + " commits under one view", COMMITS);
  }

  /** What some commits cost. */
  private record Figures(
      long liveBytes, long fileGrowthBytes, long pinnedBytes, long heapGrowthBytes) {}

  private Figures run(Engine engine, long seed, Path store, boolean viewed) throws IOException {
    try (Writer writer = new Writer(seed, engine, store, BackendConfig.defaults())) {
      Backend backend = writer.backend;
      writer.fill();
      String before = hash(backend);
      long heapBefore = heapBytes();
      long fileBefore = filesBytes(engine, store);
      ReadView view = viewed ? backend.openView() : null;
      if (viewed) {
        assertEquals(before, ContentHash.v1(view));
      }
      for (int look = 0; look < LOOKS; look++) {
        writer.change(COMMITS / LOOKS);
        if (viewed) {
          assertEquals(before, ContentHash.v1(view), "after part " + look);
        }
      }
      BackendStats stats = backend.stats();
      Figures figures =
          new Figures(
              stats.liveBytes(),
              filesBytes(engine, store) - fileBefore,
              stats.pinnedBytes(),
              heapBytes() - heapBefore);
      if (viewed) {
        assertEquals(1, stats.pinsOpen());
        assertTrue(stats.pinnedBytes() > 0, "a view that costs nothing");
        view.close();
        assertEquals(0, backend.stats().pinsOpen());
      }
      writer.assertRight();
      return figures;
    }
  }

  /** The main file and what is beside it. */
  private static long filesBytes(Engine engine, Path store) throws IOException {
    long bytes = 0;
    for (Path file : engine.files(store)) {
      bytes += Files.exists(file) ? Files.size(file) : 0;
    }
    return bytes;
  }

  /** What is reachable, as well as the collector tells; a figure, and nothing rests on it. */
  private static long heapBytes() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  private static void figure(String engine, String what, long bytes) {
    System.out.printf(Locale.ROOT, "figure %s %s: %.1f MB%n", engine, what, bytes / 1e6);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void pastTheBoundTheViewIsRevokedAndCommitsGoOn(String name) {
    Engine engine = Engines.named(name);
    long seed = TestRun.seed(getClass());
    Path store = folder.resolve("bounded");
    BackendConfig bounded = BackendConfig.defaults().withPinnedBytesMax(1);
    try (Writer writer = new Writer(seed, engine, store, bounded)) {
      Backend backend = writer.backend;
      writer.fill();
      ReadView view = backend.openView();
      int commits = 0;
      while (backend.stats().pinsRevoked() == 0 && commits < COMMITS) {
        writer.change(1);
        commits++;
      }
      for (Runnable call : calls(view)) {
        StorageException revoked = assertThrows(StorageException.class, call::run);
        assertEquals(Code.EXPIRED, revoked.code());
      }
      writer.change(COMMITS - commits);
      writer.assertRight();
      view.close();
      assertEquals(1, backend.stats().pinsRevoked());
      TestRun.report(name + " commits until the view expired", commits);
    }
    try (Backend backend = engine.open(store, BackendConfig.defaults())) {
      assertTrue(backend.stats().liveBytes() > 0);
    }
  }

  private static List<Runnable> calls(ReadView view) {
    return List.of(
        view::buckets, () -> view.get(DATA, new byte[Integer.BYTES]), () -> view.openCursor(DATA));
  }
}
