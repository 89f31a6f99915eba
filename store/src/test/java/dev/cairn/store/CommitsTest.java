package dev.cairn.store;

import static dev.cairn.store.FaultyEngine.failure;
import static dev.cairn.store.StoreTest.assertCode;
import static dev.cairn.store.Stores.USERS;
import static dev.cairn.store.Stores.get;
import static dev.cairn.store.Stores.put;
import static dev.cairn.store.Stores.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.SimulatedDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who commits what and when, and what a commit that fails leaves. */
class CommitsTest {
  private static final Path FILE = Path.of("/db").toAbsolutePath();
  private static final CommitPolicy LAZY = CommitPolicy.batched(1_000, 1 << 20, 3_600_000);

  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final FaultyEngine engine = new FaultyEngine(disk);
  private final List<String> heard = new ArrayList<>();
  private Store store;

  private StoreConfig config() {
    return Stores.config(engine)
        .withDisk(disk)
        .withListener(
            new StoreListener() {
              @Override
              public void committed(long updates, int operations, long sizeBytes, long nanos) {
                heard.add("committed " + updates + " updates, " + operations + " operations");
              }

              @Override
              public void replaced(Path file, long bytesBefore, long bytesAfter, long nanos) {
                heard.add("replaced " + file + ", " + (bytesBefore > bytesAfter));
              }

              @Override
              public void commitFailed(Throwable failure) {
                heard.add("failed " + failure.getMessage());
              }
            });
  }

  private void reopen(StoreConfig config) {
    store.close();
    store = Store.open(FILE, config);
  }

  @BeforeEach
  void open() {
    store = Store.open(FILE, config());
    put(store, "first", "1");
    heard.clear();
  }

  @AfterEach
  void close() {
    engine.failure = null;
    engine.gate = null;
    if (store != null) {
      store.close();
    }
  }

  /** Runs something while the commit of one more update waits in the engine. */
  private void whileCommitting(Runnable action) {
    CountDownLatch gate = new CountDownLatch(1);
    engine.gate = gate;
    CompletableFuture<Void> leader = Threads.start(() -> put(store, "leader", "1"));
    try {
      Threads.await(engine.arrived);
      action.run();
    } finally {
      engine.gate = null;
      gate.countDown();
    }
    Threads.join(leader);
  }

  @Test
  void updatesThatComeDuringACommitShareTheNext() {
    List<CompletableFuture<Void>> followers = new ArrayList<>();
    whileCommitting(
        () -> {
          followers.addAll(Threads.start(20, i -> () -> put(store, "k" + i, "v")));
          Threads.awaitTrue(() -> store.stats().updates() == 22);
          assertEquals("v", get(store, "k7"), "visible before it is durable");
          assertEquals(1, store.stats().backend().commits());
        });
    Threads.join(followers);
    assertEquals(3, store.stats().commits());
    assertEquals(3, store.stats().backend().commits());
    assertEquals(
        List.of("committed 1 updates, 1 operations", "committed 20 updates, 20 operations"), heard);
  }

  @Test
  void viewsAndUpdatesGoOnDuringACommit() {
    reopen(config().withCommitPolicy(LAZY));
    ReadView[] view = new ReadView[1];
    put(store, "a", "1");
    CountDownLatch gate = new CountDownLatch(1);
    engine.gate = gate;
    CompletableFuture<Void> committing = Threads.start(store::commit);
    Threads.await(engine.arrived);
    put(store, "b", "2");
    view[0] = store.openView();
    store.update(tx -> tx.delete(USERS, utf8("a")));
    assertEquals(2, store.stats().pendingOperations() - 1);
    engine.gate = null;
    gate.countDown();
    Threads.join(committing);
    store.commit();
    assertEquals("1", Stores.text(view[0].get(USERS, utf8("a"))));
    assertEquals("2", Stores.text(view[0].get(USERS, utf8("b"))));
    view[0].close();
    assertEquals(null, get(store, "a"));
  }

  @Test
  void anUpdateThatFindsNoRoomWaitsForTheCommitInFlight() {
    long bytesMax = 1_000;
    reopen(config().withCommitPolicy(CommitPolicy.batched(1_000_000, bytesMax, 3_600_000)));
    CountDownLatch gate = new CountDownLatch(1);
    engine.gate = gate;
    AtomicLong returned = new AtomicLong();
    CompletableFuture<Void> writer =
        Threads.start(
            () -> {
              Thread.currentThread().interrupt();
              for (int i = 0; i < 100; i++) {
                put(store, "k" + i, "x".repeat(97));
                returned.incrementAndGet();
                assertTrue(store.stats().pendingBytes() <= 2 * bytesMax);
              }
              assertTrue(Thread.interrupted());
            });
    Threads.await(engine.arrived);
    Threads.awaitTrue(() -> store.stats().pendingBytes() > 2 * bytesMax - 200);
    long stuckAt = returned.get();
    assertTrue(stuckAt < 25, () -> stuckAt + " updates went in");
    engine.gate = null;
    gate.countDown();
    Threads.join(writer);
    store.commit();
    assertEquals(101, store.view(Stores::content).get("users").size());
  }

  @Test
  void anUpdateLargerThanTheBoundGoesAlone() {
    reopen(config().withCommitPolicy(CommitPolicy.batched(10, 100, 3_600_000)));
    put(store, "small", "1");
    heard.clear();
    store.update(
        tx -> {
          for (int i = 0; i < 50; i++) {
            tx.put(USERS, utf8("k" + i), new byte[100]);
          }
        });
    put(store, "after", "1");
    store.commit();
    assertEquals(
        List.of(
            "committed 1 updates, 1 operations",
            "committed 1 updates, 50 operations",
            "committed 1 updates, 1 operations"),
        heard);
  }

  @Test
  void aBatchIsCommittedInTheBackgroundAfterAWhile() {
    reopen(config().withCommitPolicy(CommitPolicy.batched(1_000, 1 << 20, 1)));
    for (int i = 0; i < 10; i++) {
      put(store, "k" + i, "v");
      assertEquals("v", get(store, "k" + i));
      Threads.awaitTrue(() -> store.stats().pendingOperations() == 0);
    }
  }

  @Test
  void aBatchIsCommittedInTheBackgroundWhenItIsLargeEnough() {
    reopen(config().withCommitPolicy(CommitPolicy.batched(10, 1 << 20, 3_600_000)));
    for (int i = 0; i < 10; i++) {
      put(store, "k" + i, "v");
    }
    Threads.awaitTrue(() -> store.stats().pendingOperations() == 0);
    put(store, "last", "v");
    assertEquals(1, store.stats().pendingOperations());
  }

  @Test
  void afterAFullDiskTheWritesStayAndUpdatesAreRefusedUntilACommitSucceeds() {
    engine.failure = failure(Code.FULL);
    assertCode(Code.FULL, () -> put(store, "a", "1"));
    assertEquals("1", get(store, "a"), "pending and visible");
    assertCode(Code.FULL, () -> put(store, "b", "2"));
    assertEquals(Code.FULL, store.refusal().orElseThrow().code());
    assertEquals(null, get(store, "b"), "refused before it joined");
    assertCode(Code.FULL, store::commit);
    assertCode(Code.FULL, store::snapshot);
    assertCode(Code.FULL, store::defragment);
    engine.failure = null;
    assertCode(Code.FULL, () -> put(store, "b", "2"));
    store.commit();
    assertTrue(store.refusal().isEmpty());
    put(store, "b", "2");
    assertEquals(0, store.stats().pendingOperations());
    reopen(config());
    assertEquals("1", get(store, "a"));
  }

  @Test
  void afterAFullDiskInTheBackgroundTheCallerIsTold() {
    reopen(config().withCommitPolicy(CommitPolicy.batched(1_000, 1 << 20, 1)));
    engine.failure = failure(Code.FULL);
    put(store, "a", "1");
    Threads.awaitTrue(() -> heard.size() > 0);
    Threads.awaitTrue(() -> isRefused());
    engine.failure = null;
    store.commit();
    put(store, "b", "2");
    assertEquals("1", get(store, "a"));
  }

  private boolean isRefused() {
    try {
      store.update(tx -> {});
      return false;
    } catch (dev.cairn.spi.StorageException e) {
      return e.code() == Code.FULL;
    }
  }

  /** One leads and five follow while the engine's commit is held, which then fails for all. */
  private void failForSix(Code code) {
    List<CompletableFuture<Void>> waiting = new ArrayList<>();
    CountDownLatch gate = new CountDownLatch(1);
    engine.gate = gate;
    waiting.add(Threads.start(() -> assertCode(code, () -> put(store, "leader", "1"))));
    Threads.await(engine.arrived);
    waiting.addAll(Threads.start(5, i -> () -> assertCode(code, () -> put(store, "k" + i, "v"))));
    Threads.awaitTrue(() -> store.stats().updates() == 7);
    engine.failure = failure(code);
    engine.gate = null;
    gate.countDown();
    Threads.join(waiting);
    assertEquals(1, store.stats().backend().commits());
  }

  @Test
  void aFullDiskMeetsAllWhoWaitAndIsOverForAll() {
    failForSix(Code.FULL);
    engine.failure = null;
    store.commit();
    assertEquals(7, store.view(Stores::content).get("users").size());
    assertEquals(3, store.stats().backend().commits(), "the sealed writes, then the others");
  }

  @Test
  void aFailureMeetsAllWhoWait() {
    failForSix(Code.IO);
    assertCode(Code.IO, store::close);
    store = null;
  }

  @Test
  void aFailedCommitStopsTheStore() {
    ReadView before = store.openView();
    engine.failure = failure(Code.IO);
    assertCode(Code.IO, () -> put(store, "a", "1"));
    engine.failure = null;
    assertCode(Code.IO, () -> put(store, "b", "1"));
    assertCode(Code.IO, store::commit);
    assertCode(Code.IO, store::sync);
    assertCode(Code.IO, store::openView);
    assertCode(Code.IO, store::snapshot);
    assertCode(Code.IO, store::defragment);
    assertEquals("1", Stores.text(before.get(USERS, utf8("first"))));
    before.close();
    assertCode(Code.IO, store::close);
    store.close();
    store = Store.open(FILE, config());
    assertEquals("1", get(store, "first"));
    assertEquals(null, get(store, "a"));
  }

  @Test
  void aRejectionThatShouldNotBeStopsTheStore() {
    engine.failure = failure(Code.LIMIT);
    assertCode(Code.LIMIT, () -> put(store, "a", "1"));
    engine.failure = null;
    assertCode(Code.LIMIT, () -> put(store, "b", "1"));
    assertCode(Code.LIMIT, store::close);
    store = null;
  }

  @Test
  void aCopyThatCannotBeOpenedInItsPlaceStopsTheStore() {
    ReadView before = store.openView();
    engine.openFailure = failure(Code.IO);
    assertCode(Code.IO, store::defragment);
    engine.openFailure = null;
    assertEquals("1", Stores.text(before.get(USERS, utf8("first"))));
    before.close();
    assertCode(Code.IO, () -> put(store, "a", "1"));
    assertCode(Code.IO, store::openView);
    assertCode(Code.IO, store::close);
    store = Store.open(FILE, config());
    assertEquals("1", get(store, "first"));
    assertEquals(List.of(FILE), disk.list(FILE.getParent()));
  }

  @Test
  void closingWaitsForTheUpdateInProgress() {
    List<CompletableFuture<Void>> closing = new ArrayList<>();
    Store closed = store;
    closed.update(
        tx -> {
          closing.add(Threads.start(closed::close));
          tx.put(USERS, utf8("late"), utf8("1"));
          assertFalse(closing.get(0).isDone());
        });
    Threads.join(closing);
    store = Store.open(FILE, config());
    assertEquals("1", get(store, "late"));
  }

  @Test
  void theListenerHearsOfAReplacement() {
    put(store, "first", "2");
    heard.clear();
    store.defragment();
    assertEquals(List.of("replaced " + FILE + ", true"), heard);
  }

  @Test
  void whatAListenerThrowsIsIgnored() {
    StoreListener bad =
        new StoreListener() {
          @Override
          public void committed(long updates, int operations, long sizeBytes, long nanos) {
            throw new IllegalStateException("ignored");
          }
        };
    reopen(config().withListener(bad));
    put(store, "a", "1");
    assertEquals("1", get(store, "a"));
  }

  @Test
  void theFileIsTheOneGiven() {
    assertEquals(FILE, store.file());
    assertSame(engine, store.engine());
  }
}
