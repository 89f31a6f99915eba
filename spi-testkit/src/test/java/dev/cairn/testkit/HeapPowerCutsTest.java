package dev.cairn.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The reference engine under power cuts: a prefix of the batches, with all that were promised. */
class HeapPowerCutsTest {
  private static final Path STORE = Path.of("/db");
  private static final Path INSTALLED = Path.of("/installed");
  private static final BackendConfig CONFIG = BackendConfig.defaults();
  private static final BackendConfig READER = CONFIG.withAccess(BackendConfig.Access.READ_ONLY);
  private static final BackendConfig RELAXED = CONFIG.withDurability(Durability.RELAXED);

  private final long seed = TestRun.seed(getClass());
  private final NumberedBatches batches = NumberedBatches.few(seed);

  /** What a workload tells: a batch was begun, or all up to one are promised; 0 is the creation. */
  private record Told(boolean promised, long number) {}

  private static long highest(List<Told> told, boolean promised) {
    return told.stream()
        .filter(one -> one.promised == promised)
        .mapToLong(Told::number)
        .max()
        .orElse(-1);
  }

  private void commit(Backend backend, long number, Consumer<Told> tell, boolean promise) {
    tell.accept(new Told(false, number));
    backend.commit(batches.batch(number));
    if (promise) {
      tell.accept(new Told(true, number));
    }
  }

  private void checkPrefix(SimulatedDisk disk, List<Told> told) {
    HeapEngine engine = new HeapEngine(disk);
    long promised = highest(told, true);
    if (!disk.exists(STORE)) {
      assertEquals(-1, promised, "the store is gone");
      return;
    }
    long last;
    try (Backend backend = engine.open(STORE, READER);
        ReadView view = backend.openView()) {
      last = NumberedBatches.last(view);
      assertTrue(promised <= last, () -> promised + " was promised, " + last + " is last");
      assertTrue(last <= Math.max(0, highest(told, false)));
      Bench.assertSame(batches.at(last), Model.of(view));
    }
    try (Backend backend = engine.open(STORE, CONFIG)) {
      backend.commit(batches.batch(last + 1));
    }
    try (Backend backend = engine.open(STORE, CONFIG)) {
      Bench.assertSame(batches.at(last + 1), Bench.content(backend));
    }
    assertEquals(List.of(), disk.openFiles());
  }

  private void openAndClose(SimulatedDisk disk) {
    if (disk.exists(STORE)) {
      new HeapEngine(disk).open(STORE, CONFIG).close();
    }
  }

  private PowerCuts<Told> syncedCommits() {
    return PowerCuts.of("the heap engine's commits", seed, this::commitAndReopen, this::checkPrefix)
        .withStates(TestRun.count(90, 600))
        .withRecovery(this::openAndClose);
  }

  private void commitAndReopen(SimulatedDisk disk, Consumer<Told> tell) {
    HeapEngine engine = new HeapEngine(disk);
    for (long number = 1; number <= 12; ) {
      try (Backend backend = engine.open(STORE, CONFIG)) {
        tell.accept(new Told(true, number - 1));
        for (int i = 0; i < 4; i++) {
          commit(backend, number++, tell, true);
        }
      }
    }
  }

  @Test
  void acknowledgedCommitsSurviveEveryCut() {
    assertTrue(syncedCommits().everyOperation() > 0);
  }

  /** Sessions of both kinds, one after the other: what one leaves unsynced the next one finds. */
  private PowerCuts<Told> mixedSessions() {
    return PowerCuts.of("sessions of both durabilities", seed, this::mixSessions, this::checkPrefix)
        .withRecovery(this::openAndClose)
        .withStates(TestRun.count(60, 600));
  }

  private void mixSessions(SimulatedDisk disk, Consumer<Told> tell) {
    HeapEngine engine = new HeapEngine(disk);
    long number = 1;
    for (int session = 0; session < 6; session++) {
      boolean synced = session % 3 == 2;
      try (Backend backend = engine.open(STORE, synced ? CONFIG : RELAXED)) {
        tell.accept(new Told(true, 0));
        for (int i = 0; i < 3; i++) {
          commit(backend, number++, tell, synced);
        }
        if (session % 2 == 0) {
          backend.sync();
          tell.accept(new Told(true, number - 1));
        }
        commit(backend, number++, tell, synced);
      }
    }
  }

  @Test
  void relaxedCommitsStayWholeAndInOrder() {
    assertTrue(mixedSessions().everyOperation() > 0);
  }

  /** The file's and the directory's at the creation, a commit's, the one asked for, a reopen's. */
  @Test
  void everySyncOfAStoreMatters() {
    assertEquals(5, mixedSessions().withSiteFrames(2).everySyncMatters().size());
  }

  private PowerCuts<String> install() {
    return PowerCuts.of("the heap engine's install", seed, this::install, this::checkInstalled)
        .withPreparation(this::makeSource);
  }

  private void makeSource(SimulatedDisk disk) {
    try (Backend backend = new HeapEngine(disk).open(STORE, CONFIG)) {
      for (long number = 1; number <= 5; number++) {
        backend.commit(batches.batch(number));
      }
    }
  }

  private void install(SimulatedDisk disk, Consumer<String> tell) throws IOException {
    HeapEngine engine = new HeapEngine(disk);
    Sinks.Memory image = new Sinks.Memory();
    try (Backend backend = engine.open(STORE, READER);
        Snapshot snapshot = backend.snapshot()) {
      snapshot.writeTo(image);
    }
    byte[] bytes = image.toByteArray();
    engine.install(new ImageChannel(bytes, 10_000), bytes.length, INSTALLED);
    tell.accept("installed");
  }

  private void checkInstalled(SimulatedDisk disk, List<String> told) {
    HeapEngine engine = new HeapEngine(disk);
    if (!disk.exists(INSTALLED)) {
      assertEquals(List.of(), told, "the installed store is gone");
      return;
    }
    try (Backend backend = engine.open(INSTALLED, CONFIG)) {
      Bench.assertSame(batches.at(5), Bench.content(backend));
    }
  }

  @Test
  void anInstalledStoreIsWholeOrAbsent() {
    assertTrue(install().everyOperation() > 0);
  }

  @Test
  void everySyncOfAnInstallMatters() {
    assertEquals(2, install().everySyncMatters().size());
  }
}
