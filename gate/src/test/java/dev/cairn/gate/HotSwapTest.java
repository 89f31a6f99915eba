package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.EtcdContents;
import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import dev.cairn.raft.ApplyOptions;
import dev.cairn.raft.EtcdComponents;
import dev.cairn.raft.Progress;
import dev.cairn.raft.SnapshotApply;
import dev.cairn.snap.Snapshotter;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Engine;
import dev.cairn.spi.Engines;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import dev.cairn.testkit.TestRun;
import dev.cairn.wal.ConfState;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Received snapshots take the database's place on every engine, under readers and writers. */
class HotSwapTest {
  private static final Disk DISK = LocalDisk.INSTANCE;
  private static final Bucket LOAD = Bucket.named("zload");
  private static final long HANG_SECONDS = 300;

  @TempDir Path folder;

  private final AtomicBoolean running = new AtomicBoolean(true);
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private Intruder intruder;

  @AfterEach
  void leaveNoProcess() {
    intruder.process.destroyForcibly();
  }

  static Stream<String> engines() {
    return Engines.all().stream().map(engine -> engine.info().name());
  }

  private Path snapDirectory() {
    Path directory = folder.resolve("snap");
    if (!DISK.exists(directory)) {
      DISK.createDirectory(directory);
    }
    return directory;
  }

  private Path database() {
    return snapDirectory().resolve("db");
  }

  /** An image of a content, made elsewhere. */
  private byte[] image(Engine engine, long number) throws IOException {
    Path made = Files.createTempDirectory(folder, "leader");
    return MarkedContent.image(engine, made.resolve("db"), number);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void swapsUnderReadersAndWriters(String name) throws Exception {
    Engine engine = Engines.named(name);
    swap(TestRun.count(10, 100), number -> engine);
    assertEquals(namesOf(engine), names());
    TestRun.report("swaps of received snapshots on " + name, TestRun.count(10, 100));
    TestRun.report("readings meanwhile on " + name, reads.get());
    TestRun.report("writes meanwhile on " + name, writes.get());
  }

  /** Each image is of another engine than that before it, and the store goes on as one of that. */
  @Test
  void swapsFromEngineToEngine() throws Exception {
    List<Engine> engines = Engines.all();
    int swaps = TestRun.count(8, 100);
    swap(swaps, number -> engines.get((int) (number % engines.size())));
    assertEquals(namesOf(engines.get((swaps + 1) % engines.size())), names());
    TestRun.report("swaps from engine to engine", swaps);
  }

  private interface EngineOf {
    Engine of(long number);
  }

  private void swap(int swaps, EngineOf engines) throws Exception {
    Snapshotter snapshotter = Snapshotter.open(DISK, snapDirectory());
    try (Store store = Store.open(database(), MarkedContent.config(engines.of(1)))) {
      MarkedContent.write(store, 1);
      EtcdComponents components = new EtcdComponents(store.view(EtcdContents::of));
      List<Integer> gauge = new ArrayList<>();
      SnapshotApply apply =
          new SnapshotApply(
              store,
              1,
              ApplyOptions.defaults()
                  .withComponents(components.components())
                  .withInProgress(gauge::add));
      intruder = Intruder.start(database());
      intruder.awaitRefused(1);
      List<CompletableFuture<Void>> threads = start(store, components);
      Progress progress = new Progress(10, 1, 0, ConfState.of(List.of(1L)));
      for (long number = 2; number <= swaps + 1; number++) {
        byte[] image = image(engines.of(number), number);
        Path received = MarkedContent.receive(snapshotter, image, number);
        ReadView before = store.openView();
        progress = apply.apply(MarkedContent.snapshot(number), received, progress);
        assertEquals(number - 1, MarkedContent.numberOf(before));
        before.close();
        assertEquals(MarkedContent.index(number), progress.appliedIndex());
        assertEquals(number, progress.appliedTerm());
        assertEquals(progress.appliedIndex(), store.durableApplied().index());
        assertEquals(number, MarkedContent.numberOf(components.current()));
      }
      running.set(false);
      for (CompletableFuture<Void> thread : threads) {
        thread.get(HANG_SECONDS, TimeUnit.SECONDS);
      }
      awaitNothingRetired(store);
      assertEquals(2 * swaps, gauge.size());
      assertEquals(0, gauge.get(gauge.size() - 1));
      intruder.awaitRefused(2);
      intruder.end();
      DISK.delete(snapDirectory().resolve("db.gate"));
    }
    TestRun.report("refused openings by a second process", intruder.refused());
    assertEquals(Set.of(), openFiles());
  }

  private List<CompletableFuture<Void>> start(Store store, EtcdComponents components) {
    return List.of(
        start(() -> read(store, components)),
        start(() -> readWithoutView(components)),
        start(() -> write(store)),
        start(() -> write(store)));
  }

  private CompletableFuture<Void> start(Runnable step) {
    return CompletableFuture.runAsync(
        () -> {
          while (running.get()) {
            step.run();
          }
        },
        task -> {
          Thread thread = new Thread(task);
          thread.setDaemon(true);
          thread.start();
        });
  }

  private void read(Store store, EtcdComponents components) {
    store.view(
        components::current,
        (view, contents) -> {
          assertEquals(MarkedContent.numberOf(view), MarkedContent.numberOf(contents));
          assertEquals(contents, EtcdContents.of(view));
          return null;
        });
    reads.incrementAndGet();
  }

  private void readWithoutView(EtcdComponents components) {
    assertTrue(MarkedContent.numberOf(components.current()) > 0);
    LockSupport.parkNanos(100_000);
  }

  /** What was written is gone with the old content, and never shows up in a new one. */
  private void write(Store store) {
    store.update(
        tx -> {
          tx.createBucket(LOAD);
          long number = MarkedContent.numberOf(tx);
          byte[] mark = {(byte) number};
          byte[] key = {(byte) (writes.get() % 100)};
          byte[] there = tx.get(LOAD, key);
          assertTrue(there == null || there[0] == mark[0], "a write outlived its content");
          tx.put(LOAD, key, mark);
        });
    writes.incrementAndGet();
  }

  private static void awaitNothingRetired(Store store) throws InterruptedException {
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(HANG_SECONDS);
    while (store.stats().retiredFiles() > 0) {
      assertTrue(System.nanoTime() < endNanos, "a replaced file is never closed");
      Thread.sleep(5);
    }
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>();
    DISK.list(snapDirectory()).forEach(each -> names.add(each.getFileName().toString()));
    return names;
  }

  /** What the engine leaves of a closed store. */
  private Set<String> namesOf(Engine engine) {
    Set<String> names = new TreeSet<>();
    for (Path each : engine.files(database())) {
      if (DISK.exists(each)) {
        names.add(each.getFileName().toString());
      }
    }
    return names;
  }

  private Set<String> openFiles() throws IOException {
    Set<String> open = new TreeSet<>();
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return open;
    }
    try (Stream<Path> all = Files.list(descriptors)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        String target = target(each);
        if (target.startsWith(folder.toString())) {
          open.add(target);
        }
      }
    }
    return open;
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  /** A second process that tries to open the store, over and over. */
  static final class Intruder {
    private final Process process;
    private final BufferedReader out;
    private long refused;

    private Intruder(Process process) {
      this.process = process;
      out = process.inputReader();
    }

    static Intruder start(Path store) throws IOException {
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "--add-opens=java.base/java.nio=ALL-UNNAMED",
              "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
              "-Xmx256m",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              Intruder.class.getName(),
              store.toString());
      return new Intruder(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Reads on until it was refused so many times more. */
    void awaitRefused(int more) throws IOException {
      for (int i = 0; i < more; i++) {
        assertEquals("refused", out.readLine());
        refused++;
      }
    }

    long refused() {
      return refused;
    }

    /** Kills it, and reads what it said before. */
    void end() throws IOException, InterruptedException {
      process.toHandle().destroyForcibly();
      assertTrue(process.waitFor(HANG_SECONDS, TimeUnit.SECONDS));
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        assertEquals("refused", line);
        refused++;
      }
    }

    public static void main(String[] args) throws InterruptedException {
      while (true) {
        System.out.println(attempt(Path.of(args[0])));
        Thread.sleep(20);
      }
    }

    private static String attempt(Path store) {
      try {
        Store.open(store, dev.cairn.store.StoreConfig.existing()).close();
        return "got in";
      } catch (StorageException e) {
        return e.code() == Code.LOCKED ? "refused" : "broke " + e;
      }
    }
  }
}
