package com.example.cairn.shelf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Access;
import dev.cairn.spi.Snapshot;
import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The power is cut at every operation: all that was promised is there, and every sync matters. */
class ShelfPowerCutsTest {
  private static final Path STORE = Path.of("/db");
  private static final Path INSTALLED = Path.of("/installed");
  private static final BackendConfig CONFIG = BackendConfig.defaults();
  private static final int SESSIONS = 4;
  private static final int BATCHES_PER_SESSION = 4;
  private static final int BATCHES = SESSIONS * BATCHES_PER_SESSION;

  private final long seed = TestRun.seed(getClass());
  private final Contents contents = new Contents(seed, BATCHES + 1);

  /** What a workload tells: a batch was begun, or all up to one are promised; 0 is the creation. */
  private record Told(boolean promised, int number) {}

  private static int highest(List<Told> told, boolean promised) {
    return told.stream()
        .filter(one -> one.promised == promised)
        .mapToInt(Told::number)
        .max()
        .orElse(-1);
  }

  /** Sessions that end with a close, which folds the shelf. */
  private PowerCuts<Told> sessions() {
    return PowerCuts.of("shelf sessions", seed, this::commitAndReopen, this::check)
        .withRecovery(this::openAndClose)
        .withStates(TestRun.count(4, 100));
  }

  private void commitAndReopen(SimulatedDisk disk, Consumer<Told> tell) {
    ShelfEngine engine = new ShelfEngine(disk);
    int number = 0;
    for (int session = 0; session < SESSIONS; session++) {
      try (Backend backend = engine.open(STORE, CONFIG)) {
        tell.accept(new Told(true, number));
        for (int i = 0; i < BATCHES_PER_SESSION; i++) {
          number++;
          tell.accept(new Told(false, number));
          backend.commit(contents.batch(number));
          tell.accept(new Told(true, number));
        }
      }
    }
  }

  private void openAndClose(SimulatedDisk disk) {
    if (disk.exists(STORE)) {
      new ShelfEngine(disk).open(STORE, CONFIG).close();
    }
  }

  private void check(SimulatedDisk disk, List<Told> told) {
    ShelfEngine engine = new ShelfEngine(disk);
    int promised = highest(told, true);
    if (!disk.exists(STORE)) {
      assertEquals(-1, promised, "the store is gone");
      return;
    }
    int last;
    try (Backend reader = engine.open(STORE, CONFIG.withAccess(Access.READ_ONLY))) {
      last = Contents.last(reader);
      assertTrue(
          promised <= last,
          () -> promised + " was promised, " + Contents.last(reader) + " is last");
      assertTrue(last <= Math.max(0, highest(told, false)));
      assertEquals(contents.hash(last), Contents.hash(reader));
    }
    try (Backend backend = engine.open(STORE, CONFIG)) {
      backend.commit(contents.batch(last + 1));
    }
    try (Backend backend = engine.open(STORE, CONFIG)) {
      assertEquals(contents.hash(last + 1), Contents.hash(backend));
    }
    assertEquals(List.of(STORE), engine.files(STORE));
    assertEquals(List.of(), disk.openFiles());
  }

  @Test
  void acknowledgedCommitsSurviveEveryCut() {
    assertTrue(sessions().everyOperation() > 0);
  }

  /** Each of AtomicFile's two, where a store is made, a batch published and the shelf folded. */
  @Test
  void everySyncOfASessionMatters() {
    assertEquals(6, sessions().withSiteFrames(2).everySyncMatters().size());
  }

  private PowerCuts<String> install() {
    return PowerCuts.of("shelf install", seed, this::install, this::checkInstalled)
        .withPreparation(disk -> commitAndReopen(disk, told -> {}));
  }

  private void install(SimulatedDisk disk, Consumer<String> tell) throws IOException {
    ShelfEngine engine = new ShelfEngine(disk);
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    try (Backend backend = engine.open(STORE, CONFIG.withAccess(Access.READ_ONLY));
        Snapshot snapshot = backend.snapshot()) {
      snapshot.writeTo(Channels.newChannel(image));
    }
    byte[] bytes = image.toByteArray();
    engine.install(Channels.newChannel(new ByteArrayInputStream(bytes)), bytes.length, INSTALLED);
    tell.accept("installed");
  }

  private void checkInstalled(SimulatedDisk disk, List<String> told) {
    if (!disk.exists(INSTALLED)) {
      assertEquals(List.of(), told, "the installed store is gone");
      return;
    }
    try (Backend backend = new ShelfEngine(disk).open(INSTALLED, CONFIG)) {
      assertEquals(contents.hash(BATCHES), Contents.hash(backend));
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
