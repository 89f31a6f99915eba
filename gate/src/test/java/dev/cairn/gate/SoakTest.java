package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.EtcdApplied;
import dev.cairn.snapshot.grpc.MaintenanceConfig;
import dev.cairn.snapshot.grpc.MaintenanceServer;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A served store under everything at once: a writer, saves that are verified, clients that cancel
 * or vanish in the middle of a snapshot, the same through the HTTP door, defragmentation, questions
 * of every kind. In between all of them rest, and what is then left over must not grow.
 *
 * <p>A full run takes ten minutes, two and a half for each engine.
 */
class SoakTest {
  private static final long SEED = TestRun.seed(SoakTest.class);
  private static final long MILLIS = TestRun.count(4_000, 150_000);

  /** Of what is left over after the first fifth, and at the end. */
  private static final long HEAP_GROWTH_BYTES_MAX = 24 << 20;

  /** Netty opens up to three descriptors for each of its threads, as it comes to use them. */
  private static final long DESCRIPTOR_GROWTH_MAX =
      16 + 6L * Runtime.getRuntime().availableProcessors();

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** Held, or the level would be forgotten: clients that break off make gRPC talk a lot. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  @TempDir Path directory;

  /** What is in use while nobody asks for anything. */
  private record Rest(long heapBytes, long descriptors, int threads) {}

  @BeforeAll
  static void quietly() {
    GRPC.setLevel(Level.SEVERE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lmdb", "mapdb", "h2", "bbolt"})
  @Timeout(600)
  void aServedStoreGoesOn(String engine) throws Exception {
    StoreConfig config = StoreConfig.engine(engine).withAppliedCodec(new EtcdApplied());
    try (Store store = Store.open(directory.resolve("store.db"), config)) {
      SoakContent content = new SoakContent(store, SEED);
      InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      // On a busy machine many that were cancelled may wait for their end.
      MaintenanceConfig patient = MaintenanceConfig.defaults().withSnapshotsMax(1_000);
      try (MaintenanceServer server = MaintenanceServer.start(store, free, patient);
          SoakDoor door = new SoakDoor(server.service());
          SoakCaller caller = new SoakCaller("127.0.0.1:" + server.address().getPort(), content)) {
        soak(engine, store, jobs(content, caller, door), caller);
      }
    }
  }

  private void soak(String engine, Store store, Soak soak, SoakCaller caller) throws Exception {
    soak.run(MILLIS / 5);
    Rest before = rest(store);
    soak.run(MILLIS - MILLIS / 5);
    Rest after = rest(store);
    soak.report(engine);
    TestRun.report("soak " + engine + ", hashes compared", caller.hashesCompared());
    TestRun.report("soak " + engine + ", pins revoked", store.stats().backend().pinsRevoked());
    report(engine, before, after);
    assertTrue(
        after.heapBytes - before.heapBytes < HEAP_GROWTH_BYTES_MAX,
        () -> "heap: " + before + ", then " + after);
    assertTrue(
        after.descriptors - before.descriptors <= DESCRIPTOR_GROWTH_MAX,
        () -> "descriptors: " + before + ", then " + after);
    for (String job :
        List.of("saved and verified", "cancelled", "broken off", "read at the HTTP door")) {
      assertTrue(soak.rounds(job) > 0, job);
    }
  }

  private static void report(String engine, Rest before, Rest after) {
    TestRun.report("soak " + engine + ", heap KiB before", before.heapBytes >> 10);
    TestRun.report("soak " + engine + ", heap KiB after", after.heapBytes >> 10);
    TestRun.report("soak " + engine + ", descriptors before", before.descriptors);
    TestRun.report("soak " + engine + ", descriptors after", after.descriptors);
    TestRun.report("soak " + engine + ", threads before", before.threads);
    TestRun.report("soak " + engine + ", threads after", after.threads);
  }

  private Soak jobs(SoakContent content, SoakCaller caller, SoakDoor door) {
    return new Soak()
        .with("transactions written", 1, content::step)
        .with("saved and verified", 50, () -> caller.save(directory))
        .with("saved and verified", 50, () -> caller.save(directory))
        .with("cancelled", 30, caller::cancel)
        .with("broken off", 100, caller::breakOff)
        .with("read at the HTTP door", 50, door::read)
        .with("hung up at the HTTP door", 50, door::hangUp)
        .with("looks through the HTTP door", 50, door::look)
        .with("statuses", 20, caller::status)
        .with("hashes", 50, caller::hash)
        .with("ranges", 50, caller::range)
        .with("alarms raised and ended", 100, caller::alarm)
        .with("health checks", 20, caller::health)
        .with("defragmentations", TestRun.count(500, 10_000), caller::defragment);
  }

  /** Waits until nothing is pinned any more, which fails when the time of the test is over. */
  private static Rest rest(Store store) throws IOException, InterruptedException {
    while (store.stats().backend().pinsOpen() > 0 || store.stats().retiredFiles() > 0) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertEquals(0, store.stats().backend().pinsOpen());
    long heapBytes = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(100);
      long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      heapBytes = Math.min(heapBytes, used);
    }
    return new Rest(heapBytes, descriptors(), Thread.activeCount());
  }

  /** Where the system tells; else 0. */
  private static long descriptors() throws IOException {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return 0;
    }
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return open.count();
    }
  }
}
