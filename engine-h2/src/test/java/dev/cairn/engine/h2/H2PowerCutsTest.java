package dev.cairn.engine.h2;

import static dev.cairn.engine.h2.Stores.CONFIG;
import static dev.cairn.engine.h2.Stores.READ_ONLY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.testkit.DiskOperation;
import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** MVStore under power cuts: the last batch that was acknowledged, or the one in flight. */
class H2PowerCutsTest {
  private static final Path STORE = Path.of("/db");
  private static final Path INSTALLED = Path.of("/installed");

  /** Pages are moved, space is used again and the file is cut all the time. */
  private static final BackendConfig TIGHT =
      CONFIG.withOption("h2.slackBytes", "1").withOption("h2.compactBytesMax", "40000");

  /** Each batch is several chunks. */
  private static final BackendConfig MANY_CHUNKS = CONFIG.withOption("h2.unsavedBytesMax", "3000");

  private final long seed = TestRun.seed(getClass());
  private final Numbered batches = new Numbered(seed);

  /** What a workload tells: a batch was begun, or all up to one are promised; 0 is the creation. */
  private record Told(boolean promised, long number) {}

  private static long highest(List<Told> told, boolean promised) {
    return told.stream()
        .filter(one -> one.promised == promised)
        .mapToLong(Told::number)
        .max()
        .orElse(-1);
  }

  private void commit(Backend backend, long number, Consumer<Told> tell) {
    commit(backend, number, tell, true);
  }

  private void commit(Backend backend, long number, Consumer<Told> tell, boolean promise) {
    tell.accept(new Told(false, number));
    backend.commit(batches.batch(number));
    if (promise) {
      tell.accept(new Told(true, number));
    }
  }

  private void check(SimulatedDisk disk, List<Told> told) {
    H2Engine engine = new H2Engine(disk);
    long promised = highest(told, true);
    if (!disk.exists(STORE)) {
      assertEquals(-1, promised, "the store is gone");
      return;
    }
    long last;
    try (Backend backend = engine.open(STORE, READ_ONLY)) {
      last = Numbered.last(backend);
      assertTrue(promised <= last, () -> promised + " was promised, " + last + " is last");
      assertTrue(last <= Math.max(0, highest(told, false)));
      assertEquals(batches.hash(last), Stores.hash(backend));
    }
    try (Backend backend = engine.open(STORE, TIGHT)) {
      backend.commit(batches.batch(last + 1));
      backend.commit(batches.batch(last + 2));
    }
    try (Backend backend = engine.open(STORE, READ_ONLY)) {
      assertEquals(batches.hash(last + 2), Stores.hash(backend));
    }
    assertEquals(List.of(), disk.openFiles());
  }

  private void reopen(SimulatedDisk disk) {
    if (disk.exists(STORE)) {
      new H2Engine(disk).open(STORE, CONFIG).close();
    }
  }

  private PowerCuts<Told> sessions() {
    return PowerCuts.of("h2 commits", seed, this::commitAndReopen, this::check)
        .withStates(TestRun.count(9, 100))
        .withRecovery(this::reopen);
  }

  private void commitAndReopen(SimulatedDisk disk, Consumer<Told> tell) throws IOException {
    H2Engine engine = new H2Engine(disk);
    long number = 1;
    for (int session = 0; session < 4; session++) {
      try (Backend backend = engine.open(STORE, session == 3 ? MANY_CHUNKS : TIGHT)) {
        tell.accept(new Told(true, number - 1));
        for (int i = 0; i < 12; i++) {
          commit(backend, number++, tell);
        }
        try (Snapshot snapshot = backend.snapshot();
            ReadView view = backend.openView()) {
          for (int i = 0; i < 4; i++) {
            commit(backend, number++, tell);
          }
          snapshot.writeTo(Channels.newChannel(new ByteArrayOutputStream()));
          assertEquals(3, view.buckets().size());
        }
        for (int i = 0; i < 12; i++) {
          commit(backend, number++, tell);
        }
      }
    }
  }

  @Test
  void acknowledgedCommitsSurviveEveryCut() {
    assertTrue(sessions().everyOperation() >= 5_000);
  }

  /** Without these the cuts would show nothing. */
  @Test
  void theWorkloadUsesSpaceAgainAndCutsTheFile() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(seed);
    AtomicLong cuts = new AtomicLong();
    disk.listen(
        operation -> {
          if (operation.kind() == DiskOperation.Kind.SET_LENGTH) {
            cuts.incrementAndGet();
          }
        });
    commitAndReopen(disk, told -> {});
    TestRun.report("h2 lengths set in the workload that is cut", cuts.get());
    assertTrue(cuts.get() > 0);
    assertTrue(disk.sizeBytes(STORE) < 700_000, () -> disk.sizeBytes(STORE) + " bytes");
  }

  /** The process dies between the write of a commit and its sync; the next one goes on. */
  private PowerCuts<Told> killedSessions() {
    return PowerCuts.of("h2 killed sessions", seed, this::commitAndDie, this::check)
        .withStates(TestRun.count(4, 100));
  }

  private void commitAndDie(SimulatedDisk disk, Consumer<Told> tell) {
    H2Engine engine = new H2Engine(disk);
    AtomicBoolean dies = new AtomicBoolean();
    disk.inject(
        operation -> {
          if (dies.get() && operation.kind() == DiskOperation.Kind.SYNC) {
            throw new IllegalStateException("killed");
          }
          return false;
        },
        SimulatedDisk.Fault.IO);
    long number = 1;
    for (int session = 0; session < 6; session++) {
      try (Backend backend = engine.open(STORE, session == 4 ? MANY_CHUNKS : TIGHT)) {
        long found = Numbered.last(backend);
        tell.accept(new Told(true, found));
        number = found + 1;
        for (int i = 0; i < 4; i++) {
          commit(backend, number++, tell);
        }
        tell.accept(new Told(false, number));
        dies.set(true);
        backend.commit(batches.batch(number));
      } catch (StorageException killed) {
        // Of no matter to the next process.
      } finally {
        dies.set(false);
      }
    }
  }

  @Test
  void whatAKilledProcessLeftIsMadeDurable() {
    assertTrue(killedSessions().everyOperation() > 0);
  }

  /** The file's and the directory's at the creation, a commit's two, and that of an opening. */
  @Test
  void everySyncOfAStoreMatters() {
    assertEquals(5, killedSessions().everySyncMatters().size());
  }

  /** Sessions of both kinds, one after the other: what one leaves unsynced the next one finds. */
  private PowerCuts<Told> mixedSessions() {
    return PowerCuts.of("h2 sessions of both durabilities", seed, this::mixSessions, this::check)
        .withStates(TestRun.count(8, 100));
  }

  private void mixSessions(SimulatedDisk disk, Consumer<Told> tell) {
    H2Engine engine = new H2Engine(disk);
    long number = 1;
    for (int session = 0; session < 6; session++) {
      boolean synced = session % 3 == 2;
      BackendConfig config = session == 4 ? MANY_CHUNKS : TIGHT;
      try (Backend backend = engine.open(STORE, synced ? config : relaxed(config))) {
        tell.accept(new Told(true, session == 0 ? 0 : number - 1));
        for (int i = 0; i < 12; i++) {
          commit(backend, number++, tell, synced);
          if (i % 5 == 4) {
            backend.sync();
            tell.accept(new Told(true, number - 1));
          }
        }
      }
    }
  }

  private static BackendConfig relaxed(BackendConfig config) {
    return config.withDurability(Durability.RELAXED);
  }

  @Test
  void relaxedCommitsStayWholeAndInOrder() {
    assertTrue(mixedSessions().everyOperation() > 0);
  }

  /** As above, but for what many chunks in one commit need, and the one that was asked for. */
  @Test
  void everySyncOfRelaxedSessionsMatters() {
    Set<String> sites = mixedSessions().everySyncMatters();
    assertEquals(5, sites.size());
    assertTrue(sites.stream().anyMatch(site -> site.startsWith("DiskStore.syncRelaxed:")));
  }

  private PowerCuts<String> install() {
    return PowerCuts.of("h2 install", seed, this::install, this::checkInstalled)
        .withPreparation(this::makeSource)
        .withStates(TestRun.count(10, 100));
  }

  private void makeSource(SimulatedDisk disk) {
    try (Backend backend = new H2Engine(disk).open(STORE, CONFIG)) {
      for (long number = 1; number <= 20; number++) {
        backend.commit(batches.batch(number));
      }
    }
  }

  private void install(SimulatedDisk disk, Consumer<String> tell) throws IOException {
    H2Engine engine = new H2Engine(disk);
    byte[] image;
    try (Backend backend = engine.open(STORE, READ_ONLY)) {
      image = Stores.image(backend);
    }
    engine.install(Channels.newChannel(new ByteArrayInputStream(image)), image.length, INSTALLED);
    tell.accept("installed");
  }

  private void checkInstalled(SimulatedDisk disk, List<String> told) {
    if (!disk.exists(INSTALLED)) {
      assertEquals(List.of(), told, "the installed store is gone");
      return;
    }
    try (Backend backend = new H2Engine(disk).open(INSTALLED, CONFIG)) {
      assertEquals(batches.hash(20), Stores.hash(backend));
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
