package dev.cairn.testkit;

import static dev.cairn.testkit.Bench.assertSame;
import static dev.cairn.testkit.Bench.content;
import static dev.cairn.testkit.Data.OTHER;
import static dev.cairn.testkit.Data.USERS;
import static dev.cairn.testkit.Data.key;
import static dev.cairn.testkit.Data.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a view sees and what it does not. */
interface ViewRules extends ContractCase {
  private Backend filled() {
    Backend backend = bench().open();
    backend.commit(Data.fill(USERS, 500, 100, 1));
    backend.commit(Data.fill(OTHER, 10, 10, 2));
    return backend;
  }

  private void assertViewKeeps(Batch... later) {
    Backend backend = filled();
    Model before = content(backend);
    ReadView view = bench().closeAtEnd(backend.openView());
    Cursor cursor = view.openCursor(USERS);
    assertTrue(cursor.seek(key(250)));
    byte[] value = Model.copy(cursor.value());
    for (Batch batch : later) {
      backend.commit(batch);
      assertArrayEquals(value, Model.copy(cursor.value()));
      assertSame(before, Model.of(view));
    }
    int rest = 0;
    while (cursor.next()) {
      rest++;
    }
    assertEquals(249, rest);
  }

  @Test
  default void aViewDoesNotSeeLaterPutsAndDeletes() {
    Batch.Builder deletes = Batch.builder();
    for (int i = 0; i < 500; i++) {
      deletes.delete(USERS, key(i));
    }
    assertViewKeeps(Data.fill(USERS, 600, 200, 3), deletes.build(), Data.fill(USERS, 700, 90, 4));
  }

  @Test
  default void aViewDoesNotSeeTheDroppingOfItsBucket() {
    assertViewKeeps(
        Batch.builder().deleteBucket(USERS).deleteBucket(OTHER).build(),
        Data.fill(USERS, 50, 5_000, 5));
  }

  @Test
  default void aViewDoesNotSeeTheClearingOfItsBucket() {
    assertViewKeeps(
        Batch.builder().deleteBucket(USERS).createBucket(USERS).build(),
        Data.fill(USERS, 50, 5_000, 6));
  }

  @Test
  default void aViewDoesNotSeeLaterBuckets() {
    assertViewKeeps(Batch.builder().createBucket(Bucket.named("later")).build());
  }

  @Test
  default void everyViewKeepsItsOwnInstant() {
    Backend backend = filled();
    List<ReadView> views = new ArrayList<>();
    List<Model> models = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      backend.commit(Data.fill(USERS, 40 + i * 10, 50, i * 1_000L));
      views.add(bench().closeAtEnd(backend.openView()));
      models.add(content(backend));
    }
    for (int i = 0; i < 20; i += 3) {
      views.get(i).close();
    }
    backend.commit(Batch.builder().deleteBucket(USERS).build());
    for (int i = 19; i >= 0; i--) {
      if (i % 3 != 0) {
        assertSame(models.get(i), Model.of(views.get(i)));
      }
    }
  }

  @Test
  default void aViewPassesFromThreadToThread() throws InterruptedException {
    Backend backend = filled();
    Model expected = content(backend);
    ReadView view = bench().closeAtEnd(backend.openView());
    Cursor cursor = view.openCursor(USERS);
    for (int i = 0; i < 4; i++) {
      int number = i;
      Tasks.inNewThread(
          () -> {
            assertTrue(cursor.next());
            assertArrayEquals(key(number), Model.copy(cursor.key()));
            assertSame(expected, Model.of(view));
          });
      backend.commit(Data.put(USERS, "thread" + i, "x"));
    }
    Tasks.inNewThread(view::close);
  }

  @Test
  default void oneThreadHoldsSeveralViewsAndCommits() {
    Backend backend = filled();
    ReadView first = bench().closeAtEnd(backend.openView());
    ReadView second = bench().closeAtEnd(backend.openView());
    backend.commit(Data.put(USERS, "third", "3"));
    ReadView third = bench().closeAtEnd(backend.openView());
    assertSame(Model.of(first), Model.of(second));
    assertArrayEquals(utf8("3"), third.get(USERS, utf8("third")));
    first.close();
    second.close();
    backend.commit(Data.put(USERS, "fourth", "4"));
    assertArrayEquals(utf8("3"), third.get(USERS, utf8("third")));
  }

  /** The number in the store is never behind what had returned, nor ahead of what had started. */
  @Test
  default void viewsSeeEveryCommitBeforeThemAndNoneAfter() throws InterruptedException {
    Backend backend = bench().open();
    backend.commit(Data.put(USERS, "n", "0"));
    int commits = TestRun.count(300, 3_000);
    AtomicLong started = new AtomicLong();
    AtomicLong returned = new AtomicLong();
    AtomicBoolean running = new AtomicBoolean(true);
    List<CompletableFuture<Void>> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(
          Tasks.start(
              "reader",
              () -> {
                while (running.get()) {
                  long atLeast = returned.get();
                  try (ReadView view = backend.openView()) {
                    long atMost = started.get();
                    long seen =
                        Long.parseLong(
                            new String(view.get(USERS, utf8("n")), StandardCharsets.UTF_8));
                    assertTrue(
                        atLeast <= seen && seen <= atMost,
                        () -> seen + " is not in " + atLeast + ".." + atMost);
                  }
                }
              }));
    }
    for (int i = 1; i <= commits; i++) {
      started.set(i);
      backend.commit(Data.put(USERS, "n", Integer.toString(i)));
      returned.set(i);
    }
    running.set(false);
    for (CompletableFuture<Void> reader : readers) {
      Tasks.join(reader);
    }
  }

  @Test
  default void aHundredViewsAreOpenAtOnce() {
    Backend backend = filled();
    Model expected = content(backend);
    List<ReadView> views = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      views.add(bench().closeAtEnd(backend.openView()));
    }
    assertEquals(100, backend.stats().pinsOpen());
    backend.commit(Data.put(USERS, "more", "1"));
    assertSame(expected, Model.of(views.get(99)));
    views.forEach(ReadView::close);
    assertEquals(0, backend.stats().pinsOpen());
  }
}
