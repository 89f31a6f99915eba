package dev.cairn.testkit;

import static dev.cairn.testkit.Bench.assertCode;
import static dev.cairn.testkit.Bench.assertSame;
import static dev.cairn.testkit.Bench.content;
import static dev.cairn.testkit.Data.USERS;
import static dev.cairn.testkit.Data.key;
import static dev.cairn.testkit.Data.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Closing: idempotent, from any thread, in any order, and never a crash afterwards. */
interface CloseRules extends ContractCase {
  private Backend filled() {
    Backend backend = bench().open();
    backend.commit(Data.fill(USERS, 1_000, 200, 1));
    return backend;
  }

  private static void assertClosed(ReadView view) {
    assertCode(view::buckets, Code.CLOSED);
    assertCode(() -> view.openCursor(USERS), Code.CLOSED);
    assertCode(() -> view.get(USERS, key(1)), Code.CLOSED);
    assertCode(() -> view.lastKey(USERS), Code.CLOSED);
  }

  private static void assertClosed(Cursor cursor) {
    assertCode(cursor::next, Code.CLOSED);
    assertCode(() -> cursor.seek(key(1)), Code.CLOSED);
    assertCode(cursor::key, Code.CLOSED);
    assertCode(cursor::value, Code.CLOSED);
  }

  private static void assertClosed(Snapshot snapshot) {
    assertCode(() -> snapshot.writeTo(new Sinks.Memory()), Code.CLOSED);
  }

  private static void assertClosed(Backend backend) {
    assertCode(() -> backend.commit(Data.put(USERS, "k", "v")), Code.CLOSED);
    assertCode(() -> backend.commit(Batch.builder().build()), Code.CLOSED);
    assertCode(backend::sync, Code.CLOSED);
    assertCode(backend::openView, Code.CLOSED);
    assertCode(backend::snapshot, Code.CLOSED);
    assertCode(backend::stats, Code.CLOSED);
  }

  @Test
  default void everythingThrowsClosedAfterTheBackendIsClosed() {
    Backend backend = filled();
    ReadView view = backend.openView();
    Cursor fresh = view.openCursor(USERS);
    Cursor onEntry = view.openCursor(USERS);
    assertTrue(onEntry.next());
    Snapshot snapshot = backend.snapshot();
    backend.close();
    for (int i = 0; i < 2; i++) {
      assertClosed(backend);
      assertClosed(view);
      assertClosed(fresh);
      assertClosed(onEntry);
      assertClosed(snapshot);
      onEntry.close();
      fresh.close();
      view.close();
      snapshot.close();
      backend.close();
    }
  }

  @Test
  default void aClosedViewAndItsCursorsThrowClosed() {
    Backend backend = filled();
    ReadView view = backend.openView();
    Cursor cursor = view.openCursor(USERS);
    assertTrue(cursor.next());
    ReadView other = bench().closeAtEnd(backend.openView());
    view.close();
    view.close();
    assertClosed(view);
    assertClosed(cursor);
    cursor.close();
    assertArrayEquals(Data.random(200, 1), other.get(USERS, key(0)));
  }

  @Test
  default void aClosedCursorThrowsClosedAndItsViewGoesOn() {
    ReadView view = bench().closeAtEnd(filled().openView());
    Cursor cursor = view.openCursor(USERS);
    assertTrue(cursor.next());
    cursor.close();
    cursor.close();
    assertClosed(cursor);
    try (Cursor next = view.openCursor(USERS)) {
      assertTrue(next.next());
    }
  }

  @Test
  default void aClosedSnapshotThrowsClosed() {
    Snapshot snapshot = filled().snapshot();
    snapshot.close();
    snapshot.close();
    assertClosed(snapshot);
  }

  @Test
  default void aStoreOpensAgainWhileOldHandlesAreStillHeld() {
    Backend old = filled();
    Model expected = content(old);
    ReadView view = old.openView();
    Cursor cursor = view.openCursor(USERS);
    Snapshot snapshot = old.snapshot();
    old.close();
    Backend reopened = bench().open();
    assertClosed(view);
    assertClosed(cursor);
    cursor.close();
    view.close();
    snapshot.close();
    old.close();
    assertSame(expected, content(reopened));
    reopened.commit(Data.put(USERS, "more", "1"));
  }

  @Test
  default void manyThreadsCloseAtOnce() throws InterruptedException {
    Backend backend = filled();
    ReadView view = backend.openView();
    Cursor cursor = view.openCursor(USERS);
    Snapshot snapshot = backend.snapshot();
    List<Executable> closes =
        List.of(backend::close, view::close, cursor::close, snapshot::close, backend::close);
    CountDownLatch start = new CountDownLatch(1);
    List<CompletableFuture<Void>> tasks = new ArrayList<>();
    for (Executable close : closes) {
      tasks.add(
          Tasks.start(
              "closer",
              () -> {
                start.await();
                close.execute();
              }));
    }
    start.countDown();
    for (CompletableFuture<Void> task : tasks) {
      Tasks.join(task);
    }
    assertClosed(backend);
    assertClosed(view);
  }

  /** Runs a call again and again until it throws {@code closed}, which it must. */
  private static CompletableFuture<Void> untilClosed(String name, Executable call) {
    return Tasks.start(
        name,
        () -> {
          while (true) {
            try {
              call.execute();
            } catch (StorageException e) {
              if (e.code() == Code.CLOSED) {
                return;
              }
              throw e;
            }
          }
        });
  }

  @Test
  default void aBackendIsClosedUnderRunningCalls() throws InterruptedException {
    int rounds = TestRun.count(10, 100);
    for (int round = 0; round < rounds; round++) {
      Backend backend = filled();
      ReadView held = backend.openView();
      Cursor walked = backend.openView().openCursor(USERS);
      CountDownLatch running = new CountDownLatch(20);
      List<CompletableFuture<Void>> calls =
          List.of(
              untilClosed(
                  "views",
                  () -> {
                    running.countDown();
                    content(backend);
                  }),
              untilClosed(
                  "gets",
                  () -> {
                    running.countDown();
                    held.get(USERS, key(7));
                  }),
              untilClosed("walk", () -> walk(walked)),
              untilClosed("image", () -> image(backend)),
              untilClosed("commits", () -> backend.commit(Data.fill(USERS, 20, 50, 9))),
              untilClosed("stats", backend::stats));
      running.await();
      backend.close();
      for (CompletableFuture<Void> call : calls) {
        Tasks.join(call);
      }
    }
  }

  private static void walk(Cursor cursor) {
    if (cursor.next()) {
      Model.copy(cursor.key());
    } else {
      cursor.seek(new byte[0]);
    }
  }

  private static void image(Backend backend) throws IOException {
    try (Snapshot snapshot = backend.snapshot()) {
      snapshot.writeTo(new Sinks.Memory());
    }
  }

  @Test
  default void aViewIsClosedUnderItsReader() throws InterruptedException {
    Backend backend = filled();
    int rounds = TestRun.count(30, 300);
    for (int round = 0; round < rounds; round++) {
      ReadView view = backend.openView();
      Cursor cursor = view.openCursor(USERS);
      CountDownLatch running = new CountDownLatch(5);
      CompletableFuture<Void> reader =
          untilClosed(
              "reader",
              () -> {
                running.countDown();
                walk(cursor);
                view.get(USERS, key(5));
              });
      running.await();
      view.close();
      Tasks.join(reader);
    }
    backend.commit(Data.put(USERS, "still", "usable"));
    try (ReadView view = backend.openView()) {
      assertArrayEquals(utf8("usable"), view.get(USERS, utf8("still")));
    }
  }
}
