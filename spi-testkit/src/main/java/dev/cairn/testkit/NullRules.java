package dev.cairn.testkit;

import static dev.cairn.testkit.Data.USERS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import org.junit.jupiter.api.Test;

/** A null argument is a NullPointerException and harms nothing. */
interface NullRules extends ContractCase {
  @Test
  default void aNullBatchIsRefusedAndTheBackendStaysUsable() {
    Backend backend = bench().open();
    assertThrows(NullPointerException.class, () -> backend.commit(null));
    backend.commit(Data.put(USERS, "k", "v"));
    assertEquals(1, Bench.content(backend).buckets().get(USERS).size());
  }

  @Test
  default void nullsAreRefusedByViewsAndCursors() {
    Backend backend = bench().open();
    backend.commit(Data.fill(USERS, 10, 10, 1));
    ReadView view = bench().closeAtEnd(backend.openView());
    assertThrows(NullPointerException.class, () -> view.openCursor(null));
    assertThrows(NullPointerException.class, () -> view.get(null, new byte[1]));
    assertThrows(NullPointerException.class, () -> view.get(USERS, null));
    assertThrows(NullPointerException.class, () -> view.lastKey(null));
    Cursor cursor = view.openCursor(USERS);
    assertThrows(NullPointerException.class, () -> cursor.seek(null));
    assertTrue(cursor.seek(Data.key(3)));
    assertEquals(10, Model.of(view).buckets().get(USERS).size());
  }

  @Test
  default void aNullSinkIsRefused() {
    Backend backend = bench().open();
    backend.commit(Data.put(USERS, "k", "v"));
    try (Snapshot snapshot = backend.snapshot()) {
      assertThrows(NullPointerException.class, () -> snapshot.writeTo(null));
    }
    assertEquals(0, backend.stats().pinsOpen());
  }
}
