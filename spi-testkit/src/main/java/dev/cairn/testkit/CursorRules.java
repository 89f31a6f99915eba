package dev.cairn.testkit;

import static dev.cairn.testkit.Bench.assertCode;
import static dev.cairn.testkit.Data.OTHER;
import static dev.cairn.testkit.Data.USERS;
import static dev.cairn.testkit.Data.filled;
import static dev.cairn.testkit.Data.key;
import static dev.cairn.testkit.Data.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How cursors, gets and last keys read. */
interface CursorRules extends ContractCase {
  /** A view of even numbers 0 to 198 in one bucket and of nothing in another. */
  private ReadView evens() {
    var backend = bench().open();
    Batch.Builder batch = Batch.builder().createBucket(USERS).createBucket(OTHER);
    for (int i = 0; i < 200; i += 2) {
      batch.put(USERS, key(i), utf8("v" + i));
    }
    backend.commit(batch.build());
    return bench().closeAtEnd(backend.openView());
  }

  private static void assertAt(int number, Cursor cursor) {
    assertArrayEquals(key(number), Model.copy(cursor.key()));
    assertArrayEquals(utf8("v" + number), Model.copy(cursor.value()));
  }

  private static void assertOnNoEntry(Cursor cursor) {
    assertThrows(IllegalStateException.class, cursor::key);
    assertThrows(IllegalStateException.class, cursor::value);
  }

  @Test
  default void aCursorStartsBeforeTheFirstEntry() {
    Cursor cursor = evens().openCursor(USERS);
    assertOnNoEntry(cursor);
    assertTrue(cursor.next());
    assertAt(0, cursor);
  }

  @Test
  default void nextWalksAllEntriesAndThenStaysBehindTheLast() {
    Cursor cursor = evens().openCursor(USERS);
    for (int i = 0; i < 200; i += 2) {
      assertTrue(cursor.next());
      assertAt(i, cursor);
    }
    for (int i = 0; i < 3; i++) {
      assertFalse(cursor.next());
      assertOnNoEntry(cursor);
    }
    assertTrue(cursor.seek(key(4)));
    assertAt(4, cursor);
  }

  @Test
  default void seekFindsAKeyThatIsThere() {
    Cursor cursor = evens().openCursor(USERS);
    assertTrue(cursor.seek(key(100)));
    assertAt(100, cursor);
    assertTrue(cursor.next());
    assertAt(102, cursor);
  }

  @Test
  default void seekFindsTheNextKeyWhereNoneIsThere() {
    Cursor cursor = evens().openCursor(USERS);
    assertTrue(cursor.seek(key(101)));
    assertAt(102, cursor);
    assertTrue(cursor.seek(utf8("0")));
    assertAt(0, cursor);
    assertTrue(cursor.seek(utf8("0000000100x")));
    assertAt(102, cursor);
  }

  @Test
  default void seekBehindTheLastKeyFindsNothing() {
    Cursor cursor = evens().openCursor(USERS);
    assertFalse(cursor.seek(key(199)));
    assertOnNoEntry(cursor);
    assertFalse(cursor.next());
    assertFalse(cursor.seek(filled(511, 0xff)));
    assertFalse(cursor.next());
    assertTrue(cursor.seek(key(198)));
    assertAt(198, cursor);
    assertFalse(cursor.next());
  }

  @Test
  default void seekWithAnEmptyKeyFindsTheFirst() {
    Cursor cursor = evens().openCursor(USERS);
    assertTrue(cursor.seek(key(50)));
    assertTrue(cursor.seek(new byte[0]));
    assertAt(0, cursor);
  }

  @Test
  default void seekGoesBackwards() {
    Cursor cursor = evens().openCursor(USERS);
    for (int i = 198; i >= 0; i -= 2) {
      assertTrue(cursor.seek(key(i)));
      assertAt(i, cursor);
    }
  }

  @Test
  default void seekTakesAnyBytes() {
    Cursor cursor = evens().openCursor(USERS);
    assertTrue(cursor.seek(new byte[1]));
    assertAt(0, cursor);
    assertFalse(cursor.seek(filled(100_000, 0xff)));
    assertTrue(cursor.seek(filled(100_000, 0)));
    assertAt(0, cursor);
  }

  @Test
  default void seekDoesNotKeepTheKey() {
    Cursor cursor = evens().openCursor(USERS);
    byte[] key = key(10);
    assertTrue(cursor.seek(key));
    Arrays.fill(key, (byte) 0xff);
    assertAt(10, cursor);
    assertTrue(cursor.next());
    assertAt(12, cursor);
  }

  @Test
  default void severalCursorsDoNotDisturbEachOther() {
    ReadView view = evens();
    List<Cursor> cursors = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      cursors.add(view.openCursor(USERS));
      assertTrue(cursors.get(i).seek(key(i * 20)));
    }
    Cursor other = view.openCursor(OTHER);
    for (int step = 0; step < 10; step++) {
      for (int i = 0; i < 10; i++) {
        assertAt(i * 20 + step * 2, cursors.get(i));
        assertEquals(i * 20 + step * 2 < 198, cursors.get(i).next());
      }
      assertFalse(other.next());
    }
    cursors.get(0).close();
    assertAt(40, cursors.get(1));
  }

  @Test
  default void aCursorOverAnEmptyBucketFindsNothing() {
    Cursor cursor = evens().openCursor(OTHER);
    assertFalse(cursor.next());
    assertFalse(cursor.seek(new byte[0]));
    assertFalse(cursor.seek(utf8("x")));
    assertOnNoEntry(cursor);
  }

  @Test
  default void buffersAreReadOnlyAndStartAtZero() {
    Cursor cursor = evens().openCursor(USERS);
    assertTrue(cursor.next());
    for (ByteBuffer buffer : List.of(cursor.key(), cursor.value())) {
      assertTrue(buffer.isReadOnly());
      assertEquals(0, buffer.position());
      assertEquals(buffer.limit(), buffer.remaining());
    }
    assertEquals(10, cursor.key().remaining());
    assertEquals(2, cursor.value().remaining());
  }

  @Test
  default void keyAndValueLiveTogetherAndCanBeAskedAgain() {
    Cursor cursor = evens().openCursor(USERS);
    assertTrue(cursor.seek(key(8)));
    ByteBuffer key = cursor.key();
    ByteBuffer value = cursor.value();
    assertArrayEquals(key(8), Model.copy(key));
    assertArrayEquals(utf8("v8"), Model.copy(value));
    assertAt(8, cursor);
  }

  @Test
  default void keysAreInUnsignedByteOrder() {
    byte[][] keys = {
      {0},
      {0, 0},
      {0, 1},
      {1},
      {0x7f},
      {0x7f, (byte) 0xff},
      {(byte) 0x80},
      {(byte) 0x80, 0},
      {(byte) 0xfe, (byte) 0xff},
      {(byte) 0xff},
      {(byte) 0xff, 0},
      {(byte) 0xff, (byte) 0xff}
    };
    Batch.Builder batch = Batch.builder().createBucket(USERS);
    for (int i = 0; i < keys.length; i++) {
      int shuffled = i * 5 % keys.length;
      batch.put(USERS, keys[shuffled], new byte[] {(byte) shuffled});
    }
    var backend = bench().open();
    backend.commit(batch.build());
    Cursor cursor = bench().closeAtEnd(backend.openView()).openCursor(USERS);
    for (byte[] key : keys) {
      assertTrue(cursor.next());
      assertArrayEquals(key, Model.copy(cursor.key()));
    }
    assertFalse(cursor.next());
  }

  @Test
  default void emptyValuesAreValues() {
    var backend = bench().open();
    backend.commit(Data.put(USERS, "empty", ""));
    ReadView view = bench().closeAtEnd(backend.openView());
    assertArrayEquals(new byte[0], view.get(USERS, utf8("empty")));
    Cursor cursor = view.openCursor(USERS);
    assertTrue(cursor.next());
    assertEquals(0, cursor.value().remaining());
    assertFalse(cursor.next());
  }

  @Test
  default void getFindsExactlyTheKey() {
    ReadView view = evens();
    assertArrayEquals(utf8("v100"), view.get(USERS, key(100)));
    assertNull(view.get(USERS, key(101)));
    assertNull(view.get(USERS, utf8("0")));
    assertNull(view.get(USERS, new byte[0]));
    assertNull(view.get(USERS, filled(100_000, '0')));
    assertNull(view.get(OTHER, key(100)));
  }

  @Test
  default void getGivesAFreshArray() {
    ReadView view = evens();
    Arrays.fill(view.get(USERS, key(2)), (byte) 0);
    assertArrayEquals(utf8("v2"), view.get(USERS, key(2)));
  }

  @Test
  default void lastKeyIsTheLastOrNull() {
    ReadView view = evens();
    Arrays.fill(view.lastKey(USERS), (byte) 0);
    assertArrayEquals(key(198), view.lastKey(USERS));
    assertNull(view.lastKey(OTHER));
  }

  @Test
  default void anAbsentBucketIsNotFound() {
    ReadView view = evens();
    var absent = Bucket.named("absent");
    assertCode(() -> view.openCursor(absent), Code.NOT_FOUND);
    assertCode(() -> view.get(absent, key(1)), Code.NOT_FOUND);
    assertCode(() -> view.lastKey(absent), Code.NOT_FOUND);
    assertAt0(view);
  }

  private static void assertAt0(ReadView view) {
    Cursor cursor = view.openCursor(USERS);
    assertTrue(cursor.next());
    assertAt(0, cursor);
  }

  @Test
  default void bucketsAreListedInOrderAndCannotBeChanged() {
    var backend = bench().open();
    Batch.Builder batch = Batch.builder();
    byte[][] names = {{0}, {0, 0}, {1, 2}, {0x7f}, {(byte) 0x80}, {(byte) 0xff}};
    List<Bucket> expected = new ArrayList<>();
    for (byte[] name : names) {
      expected.add(Bucket.of(name));
      batch.createBucket(Bucket.of(name));
    }
    backend.commit(batch.build());
    List<Bucket> buckets = bench().closeAtEnd(backend.openView()).buckets();
    assertEquals(expected, buckets);
    assertThrows(UnsupportedOperationException.class, () -> buckets.remove(0));
  }
}
