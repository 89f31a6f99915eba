package dev.cairn.store;

import static dev.cairn.store.StoreTest.assertCode;
import static dev.cairn.store.Stores.USERS;
import static dev.cairn.store.Stores.get;
import static dev.cairn.store.Stores.put;
import static dev.cairn.store.Stores.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.SimulatedDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The applied position: sealed with its data, never falling, durable when it says so. */
class AppliedTest {
  private static final Path FILE = Path.of("/db").toAbsolutePath();
  private static final CommitPolicy LAZY = CommitPolicy.batched(1_000, 1 << 20, 3_600_000);
  private static final BackendConfig RELAXED =
      BackendConfig.defaults().withDurability(BackendConfig.Durability.RELAXED);

  private final SimulatedDisk disk = new SimulatedDisk(1);
  private Store store;

  private StoreConfig config() {
    return Stores.config(new HeapEngine(disk))
        .withDisk(disk)
        .withAppliedCodec(new Stores.MetaCodec());
  }

  private void open(StoreConfig config) {
    store = Store.open(FILE, config);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static Update entry(long index, long term) {
    return tx -> {
      tx.createBucket(USERS);
      tx.put(USERS, utf8("k" + index), utf8("v"));
      tx.applied(index, term);
    };
  }

  private void assertApplied(long visible, long durable) {
    assertEquals(visible, store.applied().index());
    assertEquals(durable, store.durableApplied().index());
    assertEquals(visible, store.stats().applied().index());
    assertEquals(durable, store.stats().durableApplied().index());
  }

  @Test
  void itIsVisibleWithItsUpdateAndDurableWithItsCommit() {
    open(config().withCommitPolicy(LAZY));
    assertApplied(0, 0);
    store.update(entry(3, 1));
    assertApplied(3, 0);
    store.commit();
    assertApplied(3, 3);
    store.update(entry(4, 2));
    try (StoreSnapshot snapshot = store.snapshot()) {
      store.update(entry(5, 2));
      assertEquals(new Applied(4, 2), snapshot.applied());
      assertEquals(snapshot.applied(), new Stores.MetaCodec().read(snapshot.view()));
    }
    assertApplied(5, 4);
    store.close();
    open(config());
    assertApplied(5, 5);
    store.defragment();
    assertApplied(5, 5);
  }

  @Test
  void itNeverFalls() {
    open(config().withCommitPolicy(LAZY));
    store.update(entry(5, 2));
    assertThrows(IllegalArgumentException.class, () -> store.update(entry(4, 2)));
    assertThrows(IllegalArgumentException.class, () -> store.update(entry(6, 1)));
    assertThrows(IllegalArgumentException.class, () -> store.update(entry(-1, 2)));
    assertEquals(null, get(store, "k6"));
    assertApplied(5, 0);
    store.update(entry(5, 2));
    store.close();
    open(config());
    assertThrows(IllegalArgumentException.class, () -> store.update(entry(4, 2)));
  }

  @Test
  void anUpdateThatThrowsDoesNotMoveIt() {
    open(config().withCommitPolicy(LAZY));
    Update throwing =
        tx -> {
          tx.applied(9, 9);
          assertEquals(new Applied(9, 9), tx.applied());
          throw new IllegalStateException("mine");
        };
    assertThrows(IllegalStateException.class, () -> store.update(throwing));
    assertApplied(0, 0);
    store.commit();
    assertEquals(0, store.stats().commits());
  }

  @Test
  void itNeedsACodec() {
    open(Stores.config(new HeapEngine(disk)).withDisk(disk));
    assertThrows(IllegalStateException.class, () -> store.update(entry(1, 1)));
  }

  @Test
  void manyEntriesAreOneCommitAndDurableBySync() {
    open(config().withBackend(RELAXED));
    List<Update> entries = new ArrayList<>();
    for (int i = 1; i <= 500; i++) {
      entries.add(entry(i, 1));
    }
    store.applyAll(entries);
    assertEquals(1, store.stats().commits());
    assertApplied(500, 0);
    store.sync();
    assertApplied(500, 500);
    store.update(entry(501, 1));
    assertApplied(501, 500);
    store.sync();
    assertApplied(501, 501);
    assertEquals(2, store.stats().commits());
  }

  @Test
  void whenOneEntryThrowsNoneIsAppliedNorAnyAfterIt() {
    open(config());
    store.applyAll(List.of(entry(1, 1)));
    IllegalStateException mine = new IllegalStateException("mine");
    Update throwing =
        tx -> {
          throw mine;
        };
    assertThrows(IllegalStateException.class, () -> store.applyAll(List.of(entry(2, 1), throwing)));
    assertApplied(1, 1);
    assertEquals(null, get(store, "k2"));
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> store.applyAll(List.of(entry(2, 1))));
    assertEquals(mine, refused.getCause());
    assertApplied(1, 1);
    put(store, "other", "1");
    store.close();
    open(config());
    store.applyAll(List.of(entry(2, 1)));
    assertApplied(2, 2);
  }

  @Test
  void aSyncThatFailsStopsTheStore() {
    FaultyEngine faulty = new FaultyEngine(disk);
    open(config().withEngine(faulty).withBackend(RELAXED));
    store.update(entry(1, 1));
    faulty.failure = FaultyEngine.failure(Code.IO);
    assertCode(Code.IO, store::sync);
    faulty.failure = null;
    assertApplied(1, 0);
    assertCode(Code.IO, store::sync);
    assertCode(Code.IO, () -> store.update(entry(2, 1)));
    assertCode(Code.IO, store::close);
    open(config());
  }
}
