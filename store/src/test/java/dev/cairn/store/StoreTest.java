package dev.cairn.store;

import static dev.cairn.store.Stores.USERS;
import static dev.cairn.store.Stores.content;
import static dev.cairn.store.Stores.get;
import static dev.cairn.store.Stores.put;
import static dev.cairn.store.Stores.text;
import static dev.cairn.store.Stores.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.AtomicFile;
import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an application sees of a store, on each engine. */
class StoreTest {
  private static final String ENGINES = "dev.cairn.store.Stores#engines";
  private static final CommitPolicy LAZY = CommitPolicy.batched(1_000, 1 << 20, 3_600_000);

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("db");
  }

  private Store open(Engine engine) {
    return Store.open(file(), Stores.config(engine));
  }

  private Store openLazy(Engine engine) {
    return Store.open(file(), Stores.config(engine).withCommitPolicy(LAZY));
  }

  static StorageException assertCode(Code code, Executable call) {
    StorageException thrown = assertThrows(StorageException.class, call);
    assertEquals(code, thrown.code(), thrown.getMessage());
    return thrown;
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void anUpdateIsThereAfterAReopen(Engine engine) {
    String hash;
    try (Store store = open(engine)) {
      put(store, "ada", "1815");
      assertEquals("1815", get(store, "ada"));
      assertEquals(0, store.stats().pendingOperations());
      hash = store.hash();
    }
    try (Store store = open(engine)) {
      assertEquals("1815", get(store, "ada"));
      assertEquals(hash, store.hash());
    }
    assertEquals(List.of(), leftBehind());
  }

  private List<String> leftBehind() {
    List<String> names = new ArrayList<>();
    for (Path each : LocalDisk.INSTANCE.list(folder)) {
      String name = each.getFileName().toString();
      if (!name.equals("db") && !name.equals("db-lock")) {
        names.add(name);
      }
    }
    return names;
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void anExistingFileTellsItsEngine(Engine engine) {
    open(engine).close();
    try (Store store = Store.open(file(), StoreConfig.existing())) {
      assertEquals(engine.info().name(), store.engine().info().name());
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void whatCannotBeOpenedIsLeftAsItWas(Engine engine) {
    assertCode(Code.NOT_FOUND, () -> Store.open(file(), StoreConfig.existing()));
    Path absent = folder.resolve("absent").resolve("db");
    assertCode(Code.NOT_FOUND, () -> Store.open(absent, Stores.config(engine)));
    try (var junk = LocalDisk.INSTANCE.open(file(), Disk.Mode.CREATE)) {
      junk.write(0, ByteBuffer.wrap(new byte[10_000]));
    }
    assertCode(Code.CORRUPT, () -> Store.open(file(), StoreConfig.existing()));
    assertEquals(List.of(), leftBehind());
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void aSecondOpenerIsRefused(Engine engine) {
    try (Store store = open(engine)) {
      put(store, "a", "1");
      assertCode(Code.LOCKED, () -> open(engine));
      put(store, "b", "2");
    }
    open(engine).close();
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void aReaderChangesNothing(Engine engine) {
    BackendConfig reading = BackendConfig.defaults().withAccess(BackendConfig.Access.READ_ONLY);
    StoreConfig config = Stores.config(engine).withBackend(reading);
    assertCode(Code.NOT_FOUND, () -> Store.open(file(), config));
    try (Store store = open(engine)) {
      put(store, "a", "1");
    }
    try (Store store = Store.open(file(), config);
        Store second = Store.open(file(), config)) {
      assertEquals("1", get(store, "a"));
      assertEquals("1", get(second, "a"));
      assertCode(Code.READ_ONLY, () -> put(store, "b", "2"));
      assertCode(Code.READ_ONLY, store::defragment);
      store.commit();
      try (StoreSnapshot snapshot = store.snapshot()) {
        assertEquals(1, snapshot.view().buckets().size());
      }
    }
    assertEquals(List.of(), leftBehind());
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void anUpdateThatThrowsLeavesNothing(Engine engine) {
    try (Store store = openLazy(engine)) {
      put(store, "a", "1");
      IllegalStateException mine = new IllegalStateException("mine");
      IllegalStateException thrown =
          assertThrows(
              IllegalStateException.class,
              () ->
                  store.update(
                      tx -> {
                        tx.put(USERS, utf8("a"), utf8("2"));
                        tx.createBucket(Bucket.named("more"));
                        tx.deleteRange(USERS, new byte[0], new byte[0]);
                        throw mine;
                      }));
      assertEquals(mine, thrown);
      assertEquals(Map.of("users", Map.of("a", "1")), store.view(Stores::content));
      assertThrows(
          StackOverflowError.class,
          () ->
              store.update(
                  tx -> {
                    tx.deleteBucket(USERS);
                    throw new StackOverflowError();
                  }));
      assertEquals("1", get(store, "a"));
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void anUpdateReadsItsOwnWritesAndThoseBefore(Engine engine) {
    try (Store store = openLazy(engine)) {
      put(store, "a", "1");
      store.commit();
      put(store, "b", "2");
      store.update(
          tx -> {
            tx.put(USERS, utf8("c"), utf8("3"));
            tx.delete(USERS, utf8("a"));
            assertNull(tx.get(USERS, utf8("a")));
            assertArrayEquals(utf8("2"), tx.get(USERS, utf8("b")));
            assertEquals("c", text(tx.lastKey(USERS)));
            assertEquals(List.of(USERS), tx.buckets());
            Cursor cursor = tx.openCursor(USERS);
            assertTrue(cursor.next());
            tx.delete(USERS, utf8("b"));
            tx.put(USERS, utf8("bb"), utf8("4"));
            assertEquals("2", text(Stores.bytes(cursor.value())));
            assertTrue(cursor.next());
            assertEquals("c", text(Stores.bytes(cursor.key())));
            assertFalse(cursor.next());
            assertEquals("bb", text(first(tx)));
          });
      assertEquals(Map.of("users", Map.of("bb", "4", "c", "3")), store.view(Stores::content));
    }
  }

  private static byte[] first(StoreTx tx) {
    try (Cursor cursor = tx.openCursor(USERS)) {
      assertTrue(cursor.next());
      return Stores.bytes(cursor.key());
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void aRangeIsDeletedAndCounted(Engine engine) {
    try (Store store = openLazy(engine)) {
      for (int i = 10; i < 90; i++) {
        put(store, "k" + i, "v");
        if (i == 50) {
          store.commit();
        }
      }
      store.update(
          tx -> {
            tx.put(USERS, utf8("k405"), utf8("v"));
            assertEquals(21, tx.deleteRange(USERS, utf8("k30"), utf8("k50")));
            assertEquals(0, tx.deleteRange(USERS, utf8("k30"), utf8("k50")));
            assertEquals(0, tx.deleteRange(USERS, utf8("k80"), utf8("k70")));
            assertEquals(10, tx.deleteRange(USERS, utf8("k80"), new byte[0]));
            assertEquals(1, tx.deleteRange(USERS, new byte[0], utf8("k11")));
          });
      assertEquals(80 - 20 - 10 - 1, store.view(Stores::content).get("users").size());
      assertEquals("k79", text(store.view(view -> view.lastKey(USERS))));
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void aTransactionIsOverWhenItsFunctionReturned(Engine engine) {
    try (Store store = open(engine)) {
      List<StoreTx> kept = new ArrayList<>();
      List<Cursor> cursors = new ArrayList<>();
      put(store, "a", "1");
      store.update(
          tx -> {
            tx.put(USERS, utf8("b"), utf8("2"));
            kept.add(tx);
            cursors.add(tx.openCursor(USERS));
          });
      StoreTx tx = kept.get(0);
      assertCode(Code.CLOSED, () -> tx.put(USERS, utf8("c"), utf8("3")));
      assertCode(Code.CLOSED, () -> tx.get(USERS, utf8("a")));
      assertCode(Code.CLOSED, tx::buckets);
      assertCode(Code.CLOSED, () -> tx.createBucket(USERS));
      assertCode(Code.CLOSED, () -> cursors.get(0).next());
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void callsFromInsideAnUpdateThatWouldWaitForItAreRefused(Engine engine) {
    try (Store store = open(engine)) {
      put(store, "a", "1");
      store.update(
          tx -> {
            tx.put(USERS, utf8("a"), utf8("2"));
            assertThrows(IllegalStateException.class, () -> put(store, "b", "3"));
            assertThrows(IllegalStateException.class, store::defragment);
            assertThrows(IllegalStateException.class, store::close);
            assertEquals("1", get(store, "a"));
          });
      assertEquals("2", get(store, "a"));
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void oneBadUpdateDoesNotSpoilTheOthersCommit(Engine engine) {
    try (Store store = openLazy(engine)) {
      put(store, "a", "1");
      Bucket none = Bucket.named("none");
      byte[] key = utf8("k");
      assertCode(Code.NOT_FOUND, () -> store.update(tx -> tx.put(none, key, key)));
      assertCode(Code.NOT_FOUND, () -> store.update(tx -> tx.delete(none, key)));
      assertCode(Code.NOT_FOUND, () -> store.update(tx -> tx.get(none, key)));
      assertCode(Code.NOT_FOUND, () -> store.update(tx -> tx.lastKey(none)));
      assertCode(Code.LIMIT, () -> store.update(tx -> tx.put(USERS, new byte[0], key)));
      assertCode(Code.LIMIT, () -> store.update(tx -> tx.put(USERS, new byte[512], key)));
      byte[] long8 = new byte[(8 << 20) + 1];
      assertCode(Code.LIMIT, () -> store.update(tx -> tx.put(USERS, key, long8)));
      assertCode(Code.LIMIT, () -> store.update(StoreTest::tooManyBuckets));
      assertCode(Code.LIMIT, () -> store.update(StoreTest::tooManyBytes));
      assertThrows(NullPointerException.class, () -> store.update(tx -> tx.put(USERS, key, null)));
      store.commit();
      assertEquals(Map.of("users", Map.of("a", "1")), store.view(Stores::content));
    }
  }

  private static void tooManyBuckets(StoreTx tx) {
    for (int i = 0; i < 1024; i++) {
      tx.createBucket(Bucket.named("b" + i));
    }
  }

  private static void tooManyBytes(StoreTx tx) {
    byte[] value = new byte[8 << 20];
    for (int i = 0; i < 100; i++) {
      tx.put(USERS, utf8("k" + i % 30), value);
    }
    // Overwritten bytes do not count; new ones do.
    for (int i = 30; i < 40; i++) {
      tx.put(USERS, utf8("k" + i), value);
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void snapshotsShowOneCommitTwice(Engine engine) throws IOException {
    try (Store store = openLazy(engine)) {
      put(store, "a", "1");
      Path image = folder.resolve("image");
      try (StoreSnapshot snapshot = store.snapshot()) {
        assertEquals(0, store.stats().pendingOperations());
        put(store, "b", "2");
        store.commit();
        writeTo(LocalDisk.INSTANCE, image, snapshot);
        assertEquals(Map.of("users", Map.of("a", "1")), content(snapshot.view()));
        assertEquals(snapshot.image().size(), LocalDisk.INSTANCE.sizeBytes(image));
        try (ReadView read = engine.openImage(image, snapshot.image().size())) {
          assertEquals(content(snapshot.view()), content(read));
        }
      }
      assertEquals(0, store.stats().backend().pinsOpen());
    }
  }

  static void writeTo(Disk disk, Path image, StoreSnapshot snapshot) throws IOException {
    try (AtomicFile file = AtomicFile.create(disk, image)) {
      snapshot.image().writeTo(file);
      file.commit();
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void closeCommitsAndThenEverythingIsClosed(Engine engine) {
    Store store = openLazy(engine);
    put(store, "a", "1");
    ReadView view = store.openView();
    Cursor cursor = view.openCursor(USERS);
    store.close();
    store.close();
    assertCode(Code.CLOSED, () -> put(store, "b", "2"));
    assertCode(Code.CLOSED, store::commit);
    assertCode(Code.CLOSED, store::sync);
    assertCode(Code.CLOSED, store::snapshot);
    assertCode(Code.CLOSED, store::openView);
    assertCode(Code.CLOSED, store::hash);
    assertCode(Code.CLOSED, store::stats);
    assertCode(Code.CLOSED, store::defragment);
    assertCode(Code.CLOSED, () -> store.applyAll(List.of(tx -> {})));
    assertCode(Code.CLOSED, () -> view.get(USERS, utf8("a")));
    assertCode(Code.CLOSED, view::buckets);
    assertCode(Code.CLOSED, cursor::next);
    cursor.close();
    view.close();
    try (Store again = open(engine)) {
      assertEquals("1", get(again, "a"));
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void nothingPendingMakesNoCommit(Engine engine) {
    try (Store store = open(engine)) {
      store.commit();
      store.update(tx -> {});
      store.update(tx -> tx.deleteBucket(USERS));
      store.applyAll(List.of());
      store.snapshot().close();
      assertEquals(0, store.stats().commits());
      assertEquals(0, store.stats().backend().commits());
      put(store, "a", "1");
      store.update(tx -> tx.createBucket(USERS));
      assertEquals(1, store.stats().commits());
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void aClosedViewIsClosedAndLetsItsPinGo(Engine engine) {
    try (Store store = openLazy(engine)) {
      put(store, "a", "1");
      ReadView view = store.openView();
      Cursor cursor = view.openCursor(USERS);
      view.close();
      view.close();
      assertCode(Code.CLOSED, () -> view.get(USERS, utf8("a")));
      assertCode(Code.CLOSED, () -> view.lastKey(USERS));
      assertCode(Code.CLOSED, cursor::next);
      assertEquals(0, store.stats().backend().pinsOpen());
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void aViewThatPinsTooMuchIsRevokedAndTheListenerHears(Engine engine) {
    List<String> reasons = new CopyOnWriteArrayList<>();
    StoreListener listener =
        new StoreListener() {
          @Override
          public void pinRevoked(String openedAt, long ageMillis, String reason) {
            assertTrue(openedAt.contains("StoreTest"), openedAt);
            reasons.add(reason);
          }
        };
    StoreConfig config =
        Stores.config(engine)
            .withBackend(BackendConfig.defaults().withPinnedBytesMax(1 << 20))
            .withListener(listener);
    try (Store store = Store.open(file(), config)) {
      put(store, "a", "1");
      try (ReadView view = store.openView()) {
        for (int i = 0; reasons.isEmpty() && i < 500; i++) {
          store.update(tx -> tx.put(USERS, utf8("large"), new byte[100_000]));
        }
        assertCode(Code.EXPIRED, () -> view.get(USERS, utf8("a")));
        assertCode(Code.EXPIRED, () -> view.openCursor(USERS));
        assertCode(Code.EXPIRED, view::buckets);
      }
      assertEquals(1, store.stats().backend().pinsRevoked());
      assertEquals("1", get(store, "a"));
    }
  }
}
