package dev.cairn.testkit;

import static dev.cairn.testkit.Data.USERS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendStats;
import dev.cairn.spi.Batch;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import org.junit.jupiter.api.Test;

/** The figures of a backend. */
interface StatsRules extends ContractCase {
  int FILLED_BYTES = 4 << 20;

  private Backend filled() {
    Backend backend = bench().open();
    backend.commit(Data.fill(USERS, 400, FILLED_BYTES / 400, 1));
    return backend;
  }

  /** Sidecars count where they hold content, which only the engine knows. */
  @Test
  default void theFileHasTheLengthItHas() {
    Backend backend = filled();
    BackendStats stats = backend.stats();
    long allBytes =
        bench().engine().files(bench().store()).stream()
            .filter(LocalDisk.INSTANCE::exists)
            .mapToLong(LocalDisk.INSTANCE::sizeBytes)
            .sum();
    assertTrue(stats.fileBytes() >= LocalDisk.INSTANCE.sizeBytes(bench().store()), stats::toString);
    assertTrue(stats.fileBytes() <= allBytes, stats::toString);
    assertTrue(stats.fileBytes() >= FILLED_BYTES / 400 * 400L, stats::toString);
    assertFalse(stats.storeId().isBlank());
  }

  @Test
  default void whatLivesIsCounted() {
    Backend backend = filled();
    BackendStats full = backend.stats();
    assertTrue(full.liveBytes() >= FILLED_BYTES / 400 * 400L, full::toString);
    assertTrue(full.liveBytes() <= full.fileBytes(), full::toString);
    backend.commit(Batch.builder().deleteBucket(USERS).build());
    BackendStats empty = backend.stats();
    assertTrue(empty.liveBytes() < FILLED_BYTES / 2, empty::toString);
  }

  @Test
  default void commitsAreCounted() {
    Backend backend = bench().open();
    assertEquals(0, backend.stats().commits());
    for (int i = 1; i <= 5; i++) {
      backend.commit(Data.put(USERS, "k", "v" + i));
      assertEquals(i, backend.stats().commits());
    }
    Batch rejected = Batch.builder().put(Data.OTHER, new byte[1], new byte[1]).build();
    Bench.assertCode(() -> backend.commit(rejected), Code.NOT_FOUND);
    assertEquals(5, backend.stats().commits());
  }

  @Test
  default void pinsAreCounted() throws InterruptedException {
    Backend backend = filled();
    assertEquals(0, backend.stats().pinsOpen());
    assertEquals(0, backend.stats().oldestPinMillis());
    ReadView view = backend.openView();
    Snapshot snapshot = backend.snapshot();
    assertEquals(2, backend.stats().pinsOpen());
    while (backend.stats().oldestPinMillis() == 0) {
      Thread.sleep(1);
    }
    view.close();
    assertEquals(1, backend.stats().pinsOpen());
    snapshot.close();
    snapshot.close();
    assertEquals(0, backend.stats().pinsOpen());
    assertEquals(0, backend.stats().oldestPinMillis());
    assertEquals(0, backend.stats().pinsRevoked());
  }

  @Test
  default void whatPinsKeepIsCounted() {
    Backend backend = filled();
    assertEquals(0, backend.stats().pinnedBytes());
    ReadView view = backend.openView();
    backend.commit(Data.fill(USERS, 400, FILLED_BYTES / 400, 5_000));
    backend.commit(Data.fill(USERS, 400, FILLED_BYTES / 400, 6_000));
    BackendStats stats = backend.stats();
    assertTrue(stats.pinnedBytes() >= FILLED_BYTES / 2, stats::toString);
    view.close();
    assertEquals(0, backend.stats().pinnedBytes());
  }

  /** Asked while commits, views and a close go on; ends with the close. */
  @Test
  default void figuresAreThereAtAnyMoment() throws InterruptedException {
    Backend backend = filled();
    var asking =
        Tasks.start(
            "stats",
            () -> {
              try {
                while (true) {
                  BackendStats stats = backend.stats();
                  assertTrue(stats.pinnedBytes() >= 0 && stats.pinsOpen() <= 1, stats::toString);
                }
              } catch (StorageException e) {
                assertEquals(Code.CLOSED, e.code());
              }
            });
    for (int i = 0; i < 100; i++) {
      try (ReadView view = backend.openView()) {
        backend.commit(Data.put(USERS, "k" + i, "v"));
        view.lastKey(USERS);
      }
    }
    backend.close();
    Tasks.join(asking);
  }
}
