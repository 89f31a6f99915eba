package dev.cairn.store;

import static dev.cairn.store.StoreTest.assertCode;
import static dev.cairn.store.Stores.USERS;
import static dev.cairn.store.Stores.get;
import static dev.cairn.store.Stores.put;
import static dev.cairn.store.Stores.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A store's file is replaced while it is read and written. */
class ReplacementTest {
  private static final String ENGINES = "dev.cairn.store.Stores#engines";
  private static final Disk DISK = LocalDisk.INSTANCE;

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("db");
  }

  private Store open(Engine engine) {
    return Store.open(file(), Stores.config(engine).withAppliedCodec(new Stores.MetaCodec()));
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>();
    DISK.list(folder).forEach(each -> names.add(each.getFileName().toString()));
    return names;
  }

  private Set<String> namesOf(Engine engine) {
    Set<String> names = new TreeSet<>();
    for (Path each : engine.files(file())) {
      names.add(each.getFileName().toString());
    }
    return names;
  }

  private static void fill(Store store, int keys) {
    store.update(
        tx -> {
          tx.createBucket(USERS);
          for (int i = 0; i < keys; i++) {
            tx.put(USERS, utf8("k" + i), new byte[1_000]);
          }
        });
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void defragmentingGivesSpaceBackAndKeepsTheContent(Engine engine) {
    try (Store store = open(engine)) {
      fill(store, 5_000);
      store.update(tx -> tx.deleteRange(USERS, utf8("k1"), new byte[0]));
      put(store, "a", "1");
      String hash = store.hash();
      String id = store.stats().backend().storeId();
      long before = store.stats().backend().fileBytes();
      store.defragment();
      long after = store.stats().backend().fileBytes();
      assertTrue(after < before / 4, () -> before + " became " + after);
      assertEquals(hash, store.hash());
      assertNotEquals(id, store.stats().backend().storeId());
      assertEquals(namesOf(engine), names());
      put(store, "b", "2");
    }
    try (Store store = open(engine)) {
      assertEquals("2", get(store, "b"));
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void readersStayOnTheOldFileUntilTheyAreDone(Engine engine) throws Exception {
    try (Store store = open(engine)) {
      put(store, "a", "1");
      ReadView view = store.openView();
      StoreSnapshot snapshot = store.snapshot();
      store.defragment();
      put(store, "a", "2");
      assertEquals(1, store.stats().retiredFiles());
      assertEquals("1", Stores.text(view.get(USERS, utf8("a"))));
      view.close();
      StoreTest.writeTo(DISK, folder.resolve("image"), snapshot);
      DISK.delete(folder.resolve("image"));
      snapshot.close();
      Threads.awaitTrue(() -> store.stats().retiredFiles() == 0);
      assertEquals(namesOf(engine), names());
      assertEquals("2", get(store, "a"));
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void closingAlsoEndsThoseWhoReadAnOldFile(Engine engine) {
    Store store = open(engine);
    put(store, "a", "1");
    ReadView view = store.openView();
    store.defragment();
    store.close();
    assertCode(Code.CLOSED, () -> view.get(USERS, utf8("a")));
    view.close();
    assertEquals(namesOf(engine), names());
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void anotherStoreOfAnotherEngineIsSwappedIn(Engine engine) {
    Engine other = Stores.engine(engine.info().name().equals("heap") ? "lmdb" : "heap");
    Path next = folder.resolve("next.snap.db");
    StoreConfig config = Stores.config(other).withAppliedCodec(new Stores.MetaCodec());
    try (Store built = Store.open(next, config)) {
      put(built, "swapped", "in");
      built.update(tx -> tx.applied(70, 7));
    }
    try (Store store = open(engine)) {
      put(store, "a", "1");
      store.update(tx -> tx.applied(5, 5));
      ReadView before = store.openView();
      store.replace(next, other, BackendConfig.defaults());
      assertEquals("1", Stores.text(before.get(USERS, utf8("a"))));
      before.close();
      assertEquals("in", get(store, "swapped"));
      assertEquals(null, get(store, "a"));
      assertEquals(new Applied(70, 7), store.applied());
      assertEquals(new Applied(70, 7), store.durableApplied());
      assertEquals(other.info().name(), store.engine().info().name());
      put(store, "b", "2");
      store.defragment();
      assertEquals("2", get(store, "b"));
      Threads.awaitTrue(() -> store.stats().retiredFiles() == 0);
      assertEquals(namesOf(other), names());
    }
    try (Store store = Store.open(file(), StoreConfig.existing())) {
      assertEquals("in", get(store, "swapped"));
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void aFileThatIsRefusedIsLeftWhereItIs(Engine engine) {
    Path junk = folder.resolve("junk");
    try (var made = DISK.open(junk, Disk.Mode.CREATE)) {
      made.write(0, ByteBuffer.wrap(new byte[10_000]));
    }
    try (Store store = open(engine)) {
      put(store, "a", "1");
      BackendConfig config = BackendConfig.defaults();
      assertThrows(StorageException.class, () -> store.replace(junk, engine, config));
      assertEquals(10_000, DISK.sizeBytes(junk));
      Path absent = folder.resolve("absent");
      assertCode(Code.NOT_FOUND, () -> store.replace(absent, engine, config));
      Path elsewhere = folder.getParent().resolve("db");
      assertThrows(IllegalArgumentException.class, () -> store.replace(elsewhere, engine, config));
      assertThrows(IllegalArgumentException.class, () -> store.replace(file(), engine, config));
      put(store, "b", "2");
      assertEquals("1", get(store, "a"));
    }
    DISK.delete(junk);
    assertEquals(namesOf(engine), names());
  }

  /** A store that is copied from an image, with a number that is published with it. */
  private static final class Numbered implements Successor {
    private final Engine engine;
    private final Path source;
    private final AtomicLong published;
    private RuntimeException failure;

    Numbered(Engine engine, Path source, AtomicLong published) {
      this.engine = engine;
      this.source = source;
      this.published = published;
    }

    @Override
    public Engine build(Path file) {
      DISK.rename(source, file);
      return engine;
    }

    @Override
    public Runnable prepare(ReadView view, Applied applied) {
      assertEquals("in", Stores.text(view.get(USERS, utf8("swapped"))));
      if (failure != null) {
        throw failure;
      }
      return () -> published.set(applied.index());
    }
  }

  private Path next(Engine engine) {
    Path next = folder.resolve("next");
    StoreConfig config = Stores.config(engine).withAppliedCodec(new Stores.MetaCodec());
    try (Store built = Store.open(next, config)) {
      put(built, "swapped", "in");
      built.update(tx -> tx.applied(70, 7));
    }
    return next;
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void aSuccessorTakesOverTogetherWithWhatItPublishes(Engine engine) {
    Engine other = Stores.engine(engine.info().name().equals("heap") ? "lmdb" : "heap");
    AtomicLong published = new AtomicLong(5);
    try (Store store = open(engine)) {
      put(store, "a", "1");
      store.update(tx -> tx.applied(5, 5));
      ReadView before = store.openView();
      store.replace(new Numbered(other, next(other), published));
      assertEquals("1", Stores.text(before.get(USERS, utf8("a"))));
      before.close();
      String both =
          store.view(
              published::get,
              (view, number) -> number + Stores.text(view.get(USERS, utf8("swapped"))));
      assertEquals("70in", both);
      assertEquals(new Applied(70, 7), store.durableApplied());
      put(store, "b", "2");
      Threads.awaitTrue(() -> store.stats().retiredFiles() == 0);
    }
    DISK.delete(folder.resolve("next-lock"));
    assertEquals(namesOf(other), names());
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void aSuccessorThatFailsLeavesTheOldContentToReadersAlone(Engine engine) {
    AtomicLong published = new AtomicLong(5);
    try (Store store = open(engine)) {
      put(store, "a", "1");
      Numbered successor = new Numbered(engine, next(engine), published);
      successor.failure = StorageException.of(Code.CORRUPT, "not this one");
      assertCode(Code.CORRUPT, () -> store.replace(successor));
      assertEquals("1", get(store, "a"));
      assertEquals(5, published.get());
      assertCode(Code.CORRUPT, () -> put(store, "b", "2"));
      assertCode(Code.CORRUPT, () -> store.applyAll(List.of(tx -> tx.applied(6, 5))));
      store.commit();
      store.snapshot().close();
      assertEquals("1", get(store, "a"));
    }
    DISK.delete(folder.resolve("next-lock"));
    assertEquals(namesOf(engine), names());
    try (Store store = open(engine)) {
      put(store, "b", "2");
    }
  }

  /** Updates, views and a second process go on through a hundred replacements. */
  @ParameterizedTest
  @MethodSource(ENGINES)
  void aHundredSwapsUnderReadersWritersAndAnotherProcess(Engine engine) throws Exception {
    int swaps = TestRun.count(100, 300);
    AtomicLong written = new AtomicLong();
    AtomicBoolean running = new AtomicBoolean(true);
    List<CompletableFuture<Void>> threads = new ArrayList<>();
    try (Store store = open(engine);
        ChildStore intruder =
            ChildStore.start(Intruder.class, engine.info().name(), file().toString())) {
      put(store, "n", "0");
      assertEquals("ready", intruder.readLine());
      assertEquals("refused", intruder.readLine());
      threads.add(Threads.start(() -> count(store, running, written)));
      threads.add(Threads.start(() -> read(store, running, written)));
      threads.add(Threads.start(() -> read(store, running, written)));
      List<ReadView> held = new ArrayList<>();
      for (int i = 0; i < swaps; i++) {
        held.add(store.openView());
        store.defragment();
        if (i % 5 == 4) {
          held.forEach(ReadView::close);
          held.clear();
        }
      }
      held.forEach(ReadView::close);
      running.set(false);
      Threads.join(threads);
      Threads.awaitTrue(() -> store.stats().retiredFiles() == 0);
      assertEquals(Long.toString(written.get()), get(store, "n"));
      Set<String> expected = namesOf(engine);
      intruder.kill();
      long tries = tries(intruder);
      DISK.delete(folder.resolve("db.gate"));
      assertEquals(expected, names());
      TestRun.report("swaps on " + engine.info().name(), swaps);
      TestRun.report("refused openings meanwhile", tries);
    }
    try (Store store = open(engine)) {
      assertEquals(Long.toString(written.get()), get(store, "n"));
    }
  }

  /** How often it was refused, with the first time; it prints nothing else unless it got in. */
  private static long tries(ChildStore intruder) {
    long tries = 1;
    for (String line = intruder.readLine(); line != null; line = intruder.readLine()) {
      assertEquals("refused", line);
      tries++;
    }
    return tries;
  }

  private static void count(Store store, AtomicBoolean running, AtomicLong written) {
    while (running.get()) {
      put(store, "n", Long.toString(written.get() + 1));
      written.incrementAndGet();
    }
  }

  private static void read(Store store, AtomicBoolean running, AtomicLong written) {
    while (running.get()) {
      long atLeast = written.get();
      long seen = Long.parseLong(get(store, "n"));
      assertTrue(atLeast <= seen, () -> atLeast + " were written and " + seen + " seen");
    }
  }

  /** Tries to open the store, over and over. */
  static final class Intruder {
    private Intruder() {}

    public static void main(String[] args) throws InterruptedException {
      Engine engine = Stores.engine(args[0]);
      Path file = Path.of(args[1]);
      System.out.println("ready");
      while (true) {
        System.out.println(attempt(engine, file));
        Thread.sleep(20);
      }
    }

    private static String attempt(Engine engine, Path file) {
      try {
        Store.open(file, Stores.config(engine)).close();
        return "got in";
      } catch (StorageException e) {
        return e.code() == Code.LOCKED ? "refused" : "broke " + e;
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void whatAReplacementLeftIsRemovedAndNothingElse(Engine engine) {
    open(engine).close();
    List<String> foreign = List.of("db.newer", "db.old", "db.old.x", "db.olds.1", "xdb.new");
    foreign.forEach(this::touch);
    List.of("db.new", "db.new-lock", "db.new.part", "db.old.1", "db.old.12-lock")
        .forEach(this::touch);
    touch("db.old.12");
    open(engine).close();
    Set<String> expected = namesOf(engine);
    expected.addAll(foreign);
    assertEquals(expected, names());
  }

  private void touch(String name) {
    DISK.open(folder.resolve(name), Disk.Mode.CREATE).close();
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void aReplacementThatWasCutShortIsTakenBack(Engine engine) {
    try (Store store = open(engine)) {
      put(store, "a", "1");
    }
    for (Path each : engine.files(file())) {
      if (DISK.exists(each)) {
        String suffix = each.getFileName().toString().substring("db".length());
        DISK.rename(each, folder.resolve("db.old.10" + suffix));
      }
    }
    touch("db.old.9");
    touch("db.new");
    BackendConfig reading = BackendConfig.defaults().withAccess(BackendConfig.Access.READ_ONLY);
    assertCode(
        Code.NOT_FOUND, () -> Store.open(file(), Stores.config(engine).withBackend(reading)));
    try (Store store = Store.open(file(), StoreConfig.existing())) {
      assertEquals("1", get(store, "a"));
    }
    assertEquals(namesOf(engine), names());
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void theGateKeepsOthersOut(Engine engine) {
    open(engine).close();
    Gate gate = new Gate(DISK, file());
    BackendConfig reading = BackendConfig.defaults().withAccess(BackendConfig.Access.READ_ONLY);
    StoreConfig reader = Stores.config(engine).withBackend(reading);
    gate.shut(
        () -> {
          assertCode(Code.LOCKED, () -> open(engine));
          assertCode(Code.LOCKED, () -> Store.open(file(), reader));
          return null;
        });
    touch("db.gate");
    Store.open(file(), reader).close();
    open(engine).close();
    assertEquals(namesOf(engine), names());
  }
}
