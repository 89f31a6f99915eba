package dev.cairn.engine.bbolt;

import static dev.cairn.engine.bbolt.Stores.CONFIG;
import static dev.cairn.engine.bbolt.Stores.READ_ONLY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Power cuts: a prefix of the batches, with all that were promised, in a file that is sound. */
class BboltPowerCutsTest {
  private static final Path STORE = Path.of("/db");
  private static final Path INSTALLED = Path.of("/installed");
  private static final int BATCHES = 40;
  private static final int PAGE_SIZE_BYTES = 1024;
  private static final BackendConfig SMALL_PAGES =
      CONFIG.withOption("bbolt.pageSizeBytes", Integer.toString(PAGE_SIZE_BYTES));
  private static final BackendConfig RELAXED = SMALL_PAGES.withDurability(Durability.RELAXED);

  private final long seed = TestRun.seed(getClass());
  private final List<Batch> batches = new ArrayList<>();
  private final List<Content> contents = new ArrayList<>(List.of(new Content()));

  /** What a workload tells: a batch was begun, or all up to one are promised; 0 is the creation. */
  private record Told(boolean promised, int number) {}

  BboltPowerCutsTest() {
    SplittableRandom random = new SplittableRandom(seed);
    for (int number = 1; number <= BATCHES; number++) {
      Content before = contents.get(number - 1);
      Batch batch = numbered(random, before, number);
      batches.add(batch);
      contents.add(before.copy().apply(batch));
    }
  }

  /** Each batch tells its number, so that what is left tells how far it came. */
  private static Batch numbered(SplittableRandom random, Content before, int number) {
    Batch.Builder batch = Batch.builder();
    Batch some = Stores.puts(random, Stores.USERS, 1 + random.nextInt(12), 90);
    for (int i = 0; i < some.changes().get(0).size(); i++) {
      batch.createBucket(Stores.USERS);
      batch.put(Stores.USERS, some.changes().get(0).key(i), some.changes().get(0).value(i));
    }
    List<byte[]> there = before.keys(Stores.USERS);
    for (int i = random.nextInt(there.size() + 1); i < there.size(); i += 3) {
      batch.delete(Stores.USERS, there.get(i));
    }
    if (number % 9 == 0) {
      batch.deleteBucket(Stores.USERS);
    }
    byte[] large = Stores.random(random, number % 5 == 0 ? 5_000 : 0);
    batch.createBucket(NUMBERS).put(NUMBERS, Stores.utf8("large"), large);
    return batch.put(NUMBERS, Stores.utf8("last"), Stores.utf8("" + number)).build();
  }

  private static final Bucket NUMBERS = Bucket.named("numbers");

  private static int last(ReadView view) {
    return view.buckets().contains(NUMBERS)
        ? Integer.parseInt(
            new String(view.get(NUMBERS, Stores.utf8("last")), StandardCharsets.US_ASCII))
        : 0;
  }

  private static int highest(List<Told> told, boolean promised) {
    return told.stream()
        .filter(one -> one.promised == promised)
        .mapToInt(Told::number)
        .max()
        .orElse(-1);
  }

  private void commit(Backend backend, int number, Consumer<Told> tell, boolean promise) {
    tell.accept(new Told(false, number));
    backend.commit(batches.get(number - 1));
    if (promise) {
      tell.accept(new Told(true, number));
    }
  }

  private void checkPrefix(SimulatedDisk disk, List<Told> told) {
    BboltEngine engine = new BboltEngine(disk);
    int promised = highest(told, true);
    if (!disk.exists(STORE)) {
      assertEquals(-1, promised, "the store is gone");
      return;
    }
    int last;
    try (Backend backend = engine.open(STORE, READ_ONLY);
        ReadView view = backend.openView()) {
      last = last(view);
      assertTrue(promised <= last, () -> promised + " was promised, " + last(view) + " is last");
      assertTrue(last <= Math.max(0, highest(told, false)));
      contents.get(last).assertIs(view);
    }
    Stores.assertSound(disk, STORE);
    try (Backend backend = engine.open(STORE, CONFIG)) {
      backend.commit(batches.get(last));
      contents.get(last + 1).assertIs(backend);
    }
    Stores.assertSound(disk, STORE);
    assertEquals(List.of(), disk.openFiles());
  }

  private void openAndClose(SimulatedDisk disk) {
    if (disk.exists(STORE)) {
      new BboltEngine(disk).open(STORE, CONFIG).close();
    }
  }

  private PowerCuts<Told> syncedCommits() {
    return PowerCuts.of("bbolt commits", seed, this::commitAndReopen, this::checkPrefix)
        .withStates(TestRun.count(40, 250));
  }

  private void commitAndReopen(SimulatedDisk disk, Consumer<Told> tell) {
    BboltEngine engine = new BboltEngine(disk);
    for (int number = 1; number <= 24; ) {
      try (Backend backend = engine.open(STORE, SMALL_PAGES)) {
        tell.accept(new Told(true, number - 1));
        for (int i = 0; i < 6; i++) {
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
    return PowerCuts.of("bbolt sessions of both durabilities", seed, this::mix, this::checkPrefix)
        .withRecovery(this::openAndClose)
        .withStates(TestRun.count(25, 250));
  }

  private void mix(SimulatedDisk disk, Consumer<Told> tell) {
    BboltEngine engine = new BboltEngine(disk);
    int number = 1;
    for (int session = 0; session < 6; session++) {
      boolean synced = session % 3 == 2;
      String freelist = session % 2 == 0 ? "stored" : "scanned";
      BackendConfig config =
          (synced ? SMALL_PAGES : RELAXED).withOption("bbolt.freelist", freelist);
      try (Backend backend = engine.open(STORE, config)) {
        tell.accept(new Told(true, 0));
        // Beside a view pages are chosen for use again one by one.
        ReadView view = session % 2 == 1 ? backend.openView() : null;
        for (int i = 0; i < 3; i++) {
          commit(backend, number++, tell, synced);
        }
        if (view != null) {
          contents.get(number - 4).assertIs(view);
          view.close();
        }
        if (session % 2 == 0) {
          backend.sync();
          tell.accept(new Told(true, number - 1));
        }
        commit(backend, number++, tell, synced);
        if (session % 3 == 1) {
          commit(backend, number++, tell, synced);
        }
      }
    }
  }

  @Test
  void relaxedCommitsStayWholeAndInOrder() {
    assertTrue(mixedSessions().everyOperation() > 0);
  }

  /**
   * The file's and the directory's at the creation, a commit's two, the one asked for, a reopen's.
   */
  @Test
  void everySyncOfAStoreMatters() {
    assertEquals(6, mixedSessions().withSiteFrames(3).everySyncMatters().size());
  }

  private PowerCuts<String> install() {
    return PowerCuts.of("bbolt install", seed, this::install, this::checkInstalled)
        .withPreparation(this::makeSource)
        .withStates(TestRun.count(100, 1_000));
  }

  private void makeSource(SimulatedDisk disk) {
    try (Backend backend = new BboltEngine(disk).open(STORE, SMALL_PAGES)) {
      batches.subList(0, 8).forEach(backend::commit);
    }
  }

  private void install(SimulatedDisk disk, Consumer<String> tell) {
    BboltEngine engine = new BboltEngine(disk);
    byte[] image;
    try (Backend backend = engine.open(STORE, READ_ONLY)) {
      image = Stores.image(backend);
    }
    Stores.install(engine, image, INSTALLED);
    tell.accept("installed");
  }

  private void checkInstalled(SimulatedDisk disk, List<String> told) {
    BboltEngine engine = new BboltEngine(disk);
    if (!disk.exists(INSTALLED)) {
      assertEquals(List.of(), told, "the installed store is gone");
      return;
    }
    try (Backend backend = engine.open(INSTALLED, CONFIG)) {
      contents.get(8).assertIs(backend);
    }
    Stores.assertSound(disk, INSTALLED);
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
