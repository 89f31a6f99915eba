package dev.cairn.store;

import static dev.cairn.store.StoreTest.assertCode;
import static dev.cairn.store.Stores.USERS;
import static dev.cairn.store.Stores.get;
import static dev.cairn.store.Stores.put;
import static dev.cairn.store.Stores.text;
import static dev.cairn.store.Stores.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.SimulatedDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What hooks see, what they add, and what happens when they throw. */
class HooksTest {
  private static final Path FILE = Path.of("/db").toAbsolutePath();
  private static final CommitPolicy LAZY = CommitPolicy.batched(1_000, 1 << 20, 3_600_000);

  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final List<String> seen = new ArrayList<>();
  private Store store;

  private void open(CommitHook... hooks) {
    StoreConfig config =
        Stores.config(new HeapEngine(disk))
            .withDisk(disk)
            .withCommitPolicy(LAZY)
            .withAppliedCodec(new Stores.MetaCodec());
    for (CommitHook hook : hooks) {
      config = config.withHook(hook);
    }
    store = Store.open(FILE, config);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static String value(SealedTx tx, String key) {
    return text(tx.get(USERS, utf8(key)));
  }

  @Test
  void hooksSeeTheSealedWritesAndAddToThem() {
    open(
        tx -> {
          seen.add(value(tx, "a") + " " + value(tx, "b") + " " + tx.applied().index());
          tx.put(USERS, utf8("count"), utf8("" + seen.size()));
        },
        tx -> {
          tx.put(USERS, utf8("second"), tx.get(USERS, utf8("count")));
          assertEquals("second", text(tx.lastKey(USERS)));
          assertEquals(List.of(Stores.MetaCodec.META, USERS), tx.buckets());
        });
    put(store, "a", "1");
    store.update(tx -> tx.applied(7, 2));
    store.commit();
    assertEquals("1", get(store, "count"));
    put(store, "b", "2");
    store.update(tx -> tx.delete(USERS, utf8("a")));
    store.commit();
    store.commit();
    assertEquals(List.of("1 null 7", "null 2 7"), seen);
    assertEquals("2", get(store, "second"));
    assertEquals(2, store.stats().backend().commits());
  }

  @Test
  void aHookThatThrowsFailsThatCommitAndTheNextTriesAgain() {
    IllegalStateException mine = new IllegalStateException("mine");
    open(
        tx -> {
          tx.put(USERS, utf8("hooked"), utf8("" + seen.size()));
          seen.add("run");
          if (seen.size() < 3) {
            throw mine;
          }
        });
    put(store, "a", "1");
    assertSame(mine, assertThrows(IllegalStateException.class, store::commit));
    assertEquals(0, store.stats().backend().commits());
    assertEquals("1", get(store, "a"), "put back");
    assertEquals(null, get(store, "hooked"), "of the hook that threw nothing is kept");
    put(store, "b", "2");
    assertSame(mine, assertThrows(IllegalStateException.class, store::snapshot));
    store.commit();
    assertEquals("2", get(store, "hooked"));
    assertEquals(1, store.stats().backend().commits());
    assertEquals("2", get(store, "b"));
  }

  @Test
  void aHookMayOnlyAdd() {
    Bucket none = Bucket.named("none");
    open(
        tx -> {
          assertCode(Code.NOT_FOUND, () -> tx.put(none, utf8("k"), utf8("v")));
          assertCode(Code.LIMIT, () -> tx.put(USERS, new byte[0], utf8("v")));
          seen.add("run");
        });
    put(store, "a", "1");
    store.commit();
    assertEquals(1, seen.size());
  }

  @Test
  void aHookThatCallsTheStoreForMoreIsRefused() {
    open(
        tx -> {
          seen.add("run");
          assertEquals("1", get(store, "a"));
          assertThrows(IllegalStateException.class, () -> put(store, "b", "2"));
          assertThrows(IllegalStateException.class, store::commit);
          assertThrows(IllegalStateException.class, store::snapshot);
          assertThrows(IllegalStateException.class, store::defragment);
          assertThrows(IllegalStateException.class, store::close);
        });
    put(store, "a", "1");
    store.commit();
    assertEquals(1, seen.size());
  }

  /** Twice 120 MiB fit the bound of one batch, and so the hook finds room. */
  @Test
  void largeUpdatesLeaveRoomForHooks() {
    open(tx -> tx.put(USERS, utf8("hook"), new byte[1_000_000]));
    put(store, "a", "1");
    byte[] value = new byte[8 << 20];
    Update tooMuch =
        tx -> {
          for (int i = 0; i < 32; i++) {
            tx.put(USERS, utf8("k" + i), value);
          }
        };
    assertCode(Code.LIMIT, () -> store.update(tooMuch));
    store.update(
        tx -> {
          for (int i = 0; i < 31; i++) {
            tx.put(USERS, utf8("k" + i), value);
          }
        });
    assertEquals(1_000_000, store.view(view -> view.get(USERS, utf8("hook"))).length);
    store.update(tx -> tx.deleteRange(USERS, utf8("k"), new byte[0]));
    store.commit();
  }
}
