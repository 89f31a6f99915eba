package dev.cairn.testkit;

import static dev.cairn.testkit.Bench.assertCode;
import static dev.cairn.testkit.Bench.content;
import static dev.cairn.testkit.Data.USERS;
import static dev.cairn.testkit.Data.key;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.BackendListener;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What an open view costs is bounded: past the bound it is revoked, and commits never wait. */
interface PinRules extends ContractCase {
  int KEYS = 500;
  int VALUE_BYTES = 2_000;
  long PINNED_BYTES_MAX = 1 << 20;
  int PARTS = 16;

  /** Commits that must be enough: each replaces nearly a mebibyte. */
  int COMMITS_MAX = 100;

  /** So that an engine which keeps nothing but what a view sees keeps too much as well. */
  long LESS_THAN_A_VERSION = PINNED_BYTES_MAX / 2;

  /** Keeps what it is told. */
  final class Told implements BackendListener {
    private final List<String> revokedAt = new CopyOnWriteArrayList<>();
    private final List<String> reasons = new CopyOnWriteArrayList<>();

    /** The view may be seen to be revoked before the thread that did so has told of it. */
    private void await() throws InterruptedException {
      for (int i = 0; reasons.isEmpty(); i++) {
        assertTrue(i < 10_000, "the listener never heard of it");
        Thread.sleep(5);
      }
    }

    @Override
    public void pinHeld(String openedAt, long ageMillis) {}

    @Override
    public void pinRevoked(String openedAt, long ageMillis, String reason) {
      revokedAt.add(openedAt);
      reasons.add(reason);
      throw new IllegalStateException("what a listener throws is ignored");
    }
  }

  private Backend open(BackendConfig config) {
    Backend backend = bench().open(bench().store(), config);
    overwrite(backend, 0);
    return backend;
  }

  private static void overwrite(Backend backend, int round) {
    backend.commit(Data.fill(USERS, KEYS, VALUE_BYTES, round * (long) KEYS));
  }

  private static boolean expired(ReadView view) {
    try {
      assertArrayEquals(Data.random(VALUE_BYTES, 3), view.get(USERS, key(3)));
      return false;
    } catch (StorageException e) {
      assertEquals(Code.EXPIRED, e.code());
      return true;
    }
  }

  private static void assertExpired(ReadView view, Cursor cursor) {
    assertCode(view::buckets, Code.EXPIRED);
    assertCode(() -> view.openCursor(USERS), Code.EXPIRED);
    assertCode(() -> view.lastKey(USERS), Code.EXPIRED);
    assertCode(cursor::next, Code.EXPIRED);
    assertCode(cursor::key, Code.EXPIRED);
    assertCode(() -> cursor.seek(key(1)), Code.EXPIRED);
  }

  @Test
  default void aViewThatPinsTooMuchIsRevoked() throws InterruptedException {
    Told told = new Told();
    Backend backend =
        open(bench().config().withPinnedBytesMax(LESS_THAN_A_VERSION).withListener(told));
    ReadView view = bench().closeAtEnd(backend.openView());
    Cursor cursor = view.openCursor(USERS);
    assertTrue(cursor.next());
    int round = 1;
    while (!expired(view)) {
      assertTrue(round < COMMITS_MAX, "never revoked");
      overwrite(backend, round++);
    }
    assertExpired(view, cursor);
    told.await();
    assertEquals(1, told.revokedAt.size());
    assertTrue(told.revokedAt.get(0).contains(PinRules.class.getSimpleName()));
    assertTrue(told.reasons.get(0).contains("pinnedBytesMax"), told.reasons::toString);
    assertEquals(1, backend.stats().pinsRevoked());
    assertEquals(0, backend.stats().pinsOpen());
    cursor.close();
    view.close();
    assertCode(view::buckets, Code.EXPIRED, Code.CLOSED);
    assertEquals(KEYS, content(backend).buckets().get(USERS).size());
  }

  /** Replaces another part of the store each time, for engines that keep old content once. */
  private static void overwritePart(Backend backend, int round) {
    Bucket part = Bucket.named("part" + round % PARTS);
    backend.commit(Data.fill(part, KEYS, VALUE_BYTES, round * (long) KEYS));
  }

  @Test
  default void theOldestIsRevokedFirst() {
    Backend backend = open(bench().config().withPinnedBytesMax(PARTS / 2 * PINNED_BYTES_MAX));
    for (int round = 0; round < PARTS; round++) {
      overwritePart(backend, round);
    }
    ReadView oldest = bench().closeAtEnd(backend.openView());
    backend.commit(Data.put(USERS, "between", "1"));
    ReadView newer = bench().closeAtEnd(backend.openView());
    for (int round = 1; !expired(oldest); round++) {
      assertTrue(round < COMMITS_MAX, "never revoked");
      // Asked before the oldest is asked again, so that one that expired with it does not count.
      if (expired(newer)) {
        assertTrue(expired(oldest), "the newer one went first");
      }
      overwritePart(backend, round);
    }
  }

  @Test
  default void aStreamThatPinsTooMuchIsRevoked() {
    Backend backend = open(bench().config().withPinnedBytesMax(LESS_THAN_A_VERSION));
    backend.commit(Data.fill(Data.OTHER, 100, 100_000, 7));
    Snapshot snapshot = bench().closeAtEnd(backend.snapshot());
    int[] round = {1};
    StorageException thrown =
        assertThrows(
            StorageException.class,
            () ->
                snapshot.writeTo(
                    Sinks.of(
                        chunk -> {
                          assertTrue(round[0] < COMMITS_MAX, "never revoked");
                          for (int i = 0; i < 4; i++) {
                            overwrite(backend, round[0]++);
                          }
                        })));
    assertEquals(Code.EXPIRED, thrown.code());
    snapshot.close();
    backend.close();
    assertEquals(KEYS, content(bench().open()).buckets().get(USERS).size());
  }

  @Test
  default void aViewThatIsOpenTooLongIsRevoked() throws InterruptedException {
    Told told = new Told();
    Backend backend = open(bench().config().withPinMillisMax(20).withListener(told));
    ReadView view = bench().closeAtEnd(backend.openView());
    Cursor cursor = null;
    try {
      cursor = view.openCursor(USERS);
    } catch (StorageException early) {
      assertEquals(Code.EXPIRED, early.code());
    }
    for (int i = 0; !expired(view); i++) {
      assertTrue(i < 10_000, "never revoked");
      Thread.sleep(5);
    }
    if (cursor != null) {
      assertExpired(view, cursor);
    }
    told.await();
    assertTrue(told.reasons.get(0).contains("pinMillisMax"), told.reasons::toString);
  }

  @Test
  default void aViewThatPinsLittleIsKept() {
    Backend backend = open(bench().config());
    ReadView view = bench().closeAtEnd(backend.openView());
    for (int round = 1; round < 20; round++) {
      overwrite(backend, round);
      assertTrue(!expired(view));
    }
    assertEquals(0, backend.stats().pinsRevoked());
  }
}
