package dev.cairn.store;

import static dev.cairn.store.Stores.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Threads move money between accounts, are interrupted, commit, snapshot and defragment; every view
 * shows the same sum, and nothing that was acknowledged is missing.
 */
class StressTest {
  private static final Bucket ACCOUNTS = Bucket.named("accounts");
  private static final Bucket DONE = Bucket.named("done");
  private static final int ACCOUNT_COUNT = 50;
  private static final long EACH = 1_000;
  private static final int WRITERS = 4;

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("dev.cairn.store.Stores#engines")
  void theSumStaysAndNothingAcknowledgedIsLost(Engine engine) {
    SplittableRandom random = new SplittableRandom(TestRun.seed(StressTest.class));
    int rounds = TestRun.count(4, 40);
    int updates = TestRun.count(150, 2_000);
    for (int i = 0; i < rounds; i++) {
      Path file = folder.resolve("db" + i);
      CommitPolicy policy =
          i % 2 == 0
              ? CommitPolicy.immediate()
              : CommitPolicy.batched(1 + random.nextInt(100), 1 + random.nextInt(5_000), 2);
      StoreConfig config = Stores.config(engine).withCommitPolicy(policy);
      try (Store store = Store.open(file, config)) {
        run(store, updates, random);
      }
      try (Store store = Store.open(file, config)) {
        store.view(StressTest::assertSum);
        assertDone(store, updates);
      }
    }
    TestRun.report(
        "stressed updates on " + engine.info().name(), (long) rounds * WRITERS * updates);
  }

  private static void run(Store store, int updates, SplittableRandom random) {
    store.update(StressTest::openAccounts);
    AtomicBoolean running = new AtomicBoolean(true);
    AtomicLong looks = new AtomicLong();
    List<CompletableFuture<Void>> helpers = new ArrayList<>();
    SplittableRandom forHelper = random.split();
    helpers.add(Threads.start(() -> look(store, running, looks)));
    helpers.add(Threads.start(() -> look(store, running, looks)));
    helpers.add(Threads.start(() -> disturb(store, running, forHelper)));
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int number = i;
      SplittableRandom own = random.split();
      writers.add(Threads.start(() -> write(store, number, updates, own)));
    }
    Threads.join(writers);
    running.set(false);
    Threads.join(helpers);
    assertTrue(looks.get() > 0);
    assertDone(store, updates);
    assertEquals(WRITERS * updates + 1L, store.stats().updates());
  }

  private static void openAccounts(StoreTx tx) {
    tx.createBucket(ACCOUNTS);
    tx.createBucket(DONE);
    for (int i = 0; i < ACCOUNT_COUNT; i++) {
      tx.put(ACCOUNTS, utf8("account" + i), utf8(Long.toString(EACH)));
    }
  }

  private static void write(Store store, int number, int updates, SplittableRandom random) {
    for (int i = 1; i <= updates; i++) {
      String done = Integer.toString(i);
      if (random.nextInt(4) == 0) {
        Thread.currentThread().interrupt();
      }
      store.update(
          tx -> {
            move(tx, random);
            tx.put(DONE, utf8("writer" + number), utf8(done));
          });
      Thread.interrupted();
    }
  }

  private static void move(StoreTx tx, SplittableRandom random) {
    byte[] from = utf8("account" + random.nextInt(ACCOUNT_COUNT));
    byte[] to = utf8("account" + random.nextInt(ACCOUNT_COUNT));
    long amount = random.nextInt(10);
    tx.put(ACCOUNTS, from, utf8(Long.toString(balance(tx.get(ACCOUNTS, from)) - amount)));
    tx.put(ACCOUNTS, to, utf8(Long.toString(balance(tx.get(ACCOUNTS, to)) + amount)));
  }

  private static long balance(byte[] value) {
    return Long.parseLong(Stores.text(value));
  }

  private static Void assertSum(ReadView view) {
    long sum = 0;
    try (Cursor cursor = view.openCursor(ACCOUNTS)) {
      while (cursor.next()) {
        sum += balance(Stores.bytes(cursor.value()));
      }
    }
    assertEquals(ACCOUNT_COUNT * EACH, sum);
    return null;
  }

  private static void assertDone(Store store, int updates) {
    for (int i = 0; i < WRITERS; i++) {
      byte[] writer = utf8("writer" + i);
      assertEquals(updates, balance(store.view(view -> view.get(DONE, writer))));
    }
  }

  private static void look(Store store, AtomicBoolean running, AtomicLong looks) {
    // Once at least, also where the writers are done before this thread has its first turn.
    do {
      store.view(StressTest::assertSum);
      looks.incrementAndGet();
      LockSupport.parkNanos(100_000);
    } while (running.get());
  }

  private static void disturb(Store store, AtomicBoolean running, SplittableRandom random) {
    while (running.get()) {
      int dice = random.nextInt(40);
      if (dice == 0) {
        store.defragment();
      } else if (dice < 10) {
        try (StoreSnapshot snapshot = store.snapshot()) {
          assertSum(snapshot.view());
        }
      } else {
        store.commit();
      }
      LockSupport.parkNanos(500_000);
    }
  }
}
