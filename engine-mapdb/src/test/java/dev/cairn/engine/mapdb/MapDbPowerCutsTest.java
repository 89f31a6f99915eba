package dev.cairn.engine.mapdb;

import static dev.cairn.engine.mapdb.Stores.CONFIG;
import static dev.cairn.engine.mapdb.Stores.READ_ONLY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.spi.StorageException;
import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A store under power cuts: a prefix of the batches, with all that were promised. */
class MapDbPowerCutsTest {
  private static final Path STORE = Path.of("/db");
  private static final Path INSTALLED = Path.of("/installed");

  /** So little that checkpoints come every few batches. */
  private static final BackendConfig SYNCED = CONFIG.withOption("mapdb.checkpointBytes", "90000");

  private static final BackendConfig RELAXED = SYNCED.withDurability(Durability.RELAXED);

  private final long seed = TestRun.seed(getClass());
  private final Rows rows = new Rows(seed);
  private byte[] image;

  /** What a workload tells: a batch was begun, or all up to one are promised; 0 is the creation. */
  private record Told(boolean promised, long number) {}

  private static long highest(List<Told> told, boolean promised) {
    return told.stream()
        .filter(one -> one.promised == promised)
        .mapToLong(Told::number)
        .max()
        .orElse(-1);
  }

  private long commit(Backend backend, Consumer<Told> tell, boolean promise) {
    long number = Rows.last(backend) + 1;
    tell.accept(new Told(false, number));
    backend.commit(rows.batch(number));
    if (promise) {
      tell.accept(new Told(true, number));
    }
    return number;
  }

  private void checkPrefix(SimulatedDisk disk, List<Told> told) {
    MapDbEngine engine = new MapDbEngine(disk);
    long promised = highest(told, true);
    if (!disk.exists(STORE)) {
      assertEquals(-1, promised, "the store is gone");
      return;
    }
    long last;
    try (Backend backend = engine.open(STORE, READ_ONLY)) {
      last = Rows.last(backend);
      assertTrue(promised <= last, () -> promised + " was promised, " + last + " is last");
      assertTrue(last <= Math.max(0, highest(told, false)));
      assertEquals(rows.hashAt(last), Stores.hash(backend));
    }
    try (Backend backend = engine.open(STORE, SYNCED)) {
      backend.commit(rows.batch(last + 1));
      assertEquals(rows.hashAt(last + 1), Stores.hash(backend));
    }
    try (Backend backend = engine.open(STORE, READ_ONLY)) {
      assertEquals(rows.hashAt(last + 1), Stores.hash(backend));
    }
    assertEquals(List.of(), disk.openFiles());
  }

  private static void openAndClose(SimulatedDisk disk) {
    if (disk.exists(STORE)) {
      new MapDbEngine(disk).open(STORE, SYNCED).close();
    }
  }

  private void create(SimulatedDisk disk, Consumer<Told> tell) {
    new MapDbEngine(disk).create(STORE);
    tell.accept(new Told(true, 0));
  }

  private PowerCuts<Told> creation() {
    return PowerCuts.of("mapdb creation", seed, this::create, this::checkPrefix);
  }

  @Test
  void aNewStoreIsWholeOrAbsent() {
    assertTrue(creation().everyOperation() > 0);
  }

  @Test
  void everySyncOfACreationMatters() {
    assertEquals(2, creation().everySyncMatters().size());
  }

  private PowerCuts<Told> syncedCommits() {
    return PowerCuts.of("mapdb commits", seed, this::commitAndReopen, this::checkPrefix)
        .withStates(TestRun.count(20, 400))
        .withRecovery(MapDbPowerCutsTest::openAndClose);
  }

  private void commitAndReopen(SimulatedDisk disk, Consumer<Told> tell) {
    MapDbEngine engine = new MapDbEngine(disk);
    for (int session = 0; session < 2; session++) {
      try (Backend backend = engine.open(STORE, SYNCED)) {
        tell.accept(new Told(true, 0));
        for (int i = 0; i < 6; i++) {
          commit(backend, tell, true);
        }
      }
    }
  }

  @Test
  void acknowledgedCommitsSurviveEveryCut() {
    assertTrue(syncedCommits().everyOperation() > 0);
  }

  /** Sessions of both kinds, some of which fail: what one leaves unsynced the next one finds. */
  private PowerCuts<Told> mixedSessions() {
    return PowerCuts.of("mapdb sessions of both durabilities", seed, this::mix, this::checkPrefix)
        .withPreparation(disk -> new MapDbEngine(disk).create(STORE))
        .withStates(TestRun.count(20, 400))
        .withRecovery(MapDbPowerCutsTest::openAndClose);
  }

  private void mix(SimulatedDisk disk, Consumer<Told> tell) {
    boolean[] failing = {false};
    disk.inject(operation -> failing[0] && !operation.isSync(), SimulatedDisk.Fault.IO);
    MapDbEngine engine = new MapDbEngine(disk);
    tell.accept(new Told(true, 0));
    for (int session = 0; session < 6; session++) {
      boolean synced = session % 3 == 1;
      try (Backend backend = engine.open(STORE, synced ? SYNCED : RELAXED)) {
        for (int i = 0; i < 3; i++) {
          commit(backend, tell, synced);
        }
        if (session % 2 == 0) {
          backend.sync();
          tell.accept(new Told(true, Rows.last(backend)));
        }
        commit(backend, tell, synced);
        commit(backend, tell, synced);
        if (session % 3 != 2) {
          failing[0] = true;
          assertThrows(StorageException.class, () -> commit(backend, tell, false));
        }
      }
      failing[0] = false;
    }
  }

  @Test
  void relaxedCommitsStayWholeAndInOrder() {
    assertTrue(mixedSessions().everyOperation() > 0);
  }

  /**
   * A commit's, the one asked for, a checkpoint's of the journal, of the file and of the journal
   * again; a new journal's name; and a reopen's of journal and file.
   */
  @Test
  void everySyncOfAStoreMatters() {
    assertEquals(8, mixedSessions().withSiteFrames(3).everySyncMatters().size());
  }

  private PowerCuts<String> install() {
    return PowerCuts.of("mapdb install", seed, this::install, this::checkInstalled)
        .withPreparation(this::makeImage);
  }

  private void makeImage(SimulatedDisk disk) throws Exception {
    try (Backend backend = new MapDbEngine(disk).open(STORE, SYNCED)) {
      for (int i = 1; i <= 5; i++) {
        backend.commit(rows.batch(i));
      }
      image = Stores.image(backend);
    }
  }

  private void install(SimulatedDisk disk, Consumer<String> tell) {
    Stores.install(new MapDbEngine(disk), image, INSTALLED);
    tell.accept("installed");
  }

  private void checkInstalled(SimulatedDisk disk, List<String> told) {
    if (!disk.exists(INSTALLED)) {
      assertEquals(List.of(), told, "the installed store is gone");
      return;
    }
    try (Backend backend = new MapDbEngine(disk).open(INSTALLED, READ_ONLY)) {
      assertEquals(rows.hashAt(5), Stores.hash(backend));
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
