package dev.cairn.spi;

import static dev.cairn.spi.Failures.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Batch.Mode;
import dev.cairn.spi.StorageException.Code;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static final Bucket USERS = Bucket.named("users");
  private static final Bucket OTHER = Bucket.named("other");

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Batch.Change only(Batch.Builder builder) {
    List<Batch.Change> changes = builder.build().changes();
    assertEquals(1, changes.size());
    return changes.get(0);
  }

  @Test
  void nothingAskedForIsEmpty() {
    Batch batch = Batch.builder().build();
    assertTrue(batch.isEmpty());
    assertEquals(0, batch.operationCount());
    assertEquals(0, batch.sizeBytes());
    assertEquals(List.of(), batch.changes());
  }

  @Test
  void everyOrderOfMakingAndDroppingHasItsMode() {
    assertEquals(Mode.KEEP, only(Batch.builder().delete(USERS, utf8("k"))).mode());
    assertEquals(Mode.ENSURE, only(Batch.builder().createBucket(USERS)).mode());
    assertEquals(Mode.DROP, only(Batch.builder().deleteBucket(USERS)).mode());
    assertEquals(Mode.CLEAR, only(Batch.builder().deleteBucket(USERS).createBucket(USERS)).mode());
    assertEquals(
        Mode.CLEAR,
        only(Batch.builder().deleteBucket(USERS).createBucket(USERS).createBucket(USERS)).mode());
    assertEquals(Mode.DROP, only(Batch.builder().createBucket(USERS).deleteBucket(USERS)).mode());
    assertEquals(
        Mode.ENSURE,
        only(Batch.builder().put(USERS, utf8("k"), utf8("v")).createBucket(USERS)).mode());
  }

  @Test
  void droppingForgetsWhatCameBefore() {
    Batch.Change change =
        only(Batch.builder().put(USERS, utf8("k"), utf8("v")).deleteBucket(USERS));
    assertEquals(0, change.size());
    assertEquals(0, change.keyBytesMax());
    assertEquals(0, change.valueBytesMax());
  }

  @Test
  void theLastOperationOnAKeyStaysAndKeysAreSorted() {
    Batch.Change change =
        only(
            Batch.builder()
                .put(USERS, new byte[] {(byte) 0x80}, utf8("high"))
                .put(USERS, utf8("b"), utf8("1"))
                .delete(USERS, utf8("a"))
                .put(USERS, utf8("b"), utf8("22"))
                .put(USERS, utf8("c"), utf8("3"))
                .delete(USERS, utf8("c")));
    assertEquals(4, change.size());
    assertArrayEquals(utf8("a"), change.key(0));
    assertNull(change.value(0));
    assertArrayEquals(utf8("22"), change.value(1));
    assertNull(change.value(2));
    assertArrayEquals(new byte[] {(byte) 0x80}, change.key(3));
    assertEquals(1, change.keyBytesMax());
    assertEquals(4, change.valueBytesMax());
  }

  @Test
  void bucketsAreInOrder() {
    Batch batch =
        Batch.builder()
            .createBucket(Bucket.of(new byte[] {(byte) 0xff}))
            .createBucket(USERS)
            .createBucket(OTHER)
            .build();
    assertEquals(OTHER, batch.changes().get(0).bucket());
    assertEquals(USERS, batch.changes().get(1).bucket());
    assertEquals("0xff", batch.changes().get(2).bucket().toString());
  }

  @Test
  void theArraysAreNotCopied() {
    byte[] key = utf8("k");
    byte[] value = utf8("v");
    Batch.Change change = only(Batch.builder().put(USERS, key, value));
    assertSame(key, change.key(0));
    assertSame(value, change.value(0));
  }

  @Test
  void sizesAreCounted() {
    Batch batch =
        Batch.builder()
            .createBucket(USERS)
            .put(USERS, new byte[3], new byte[10])
            .delete(OTHER, new byte[5])
            .build();
    assertEquals(3 + 10 + 5, batch.sizeBytes());
    assertEquals(3, batch.operationCount());
  }

  @Test
  void aBuilderGoesOnAfterBuilding() {
    Batch.Builder builder = Batch.builder().put(USERS, utf8("a"), utf8("1"));
    Batch first = builder.build();
    Batch second = builder.put(USERS, utf8("b"), utf8("2")).build();
    assertEquals(1, first.changes().get(0).size());
    assertEquals(2, second.changes().get(0).size());
  }

  @Test
  void manyKeysInAnyOrderAreSorted() {
    Batch.Builder builder = Batch.builder();
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      numbers.add(i * 7_919 % 1_000);
    }
    numbers.forEach(
        n -> builder.put(USERS, new byte[] {(byte) (n >> 8), (byte) n.intValue()}, utf8("" + n)));
    Batch.Change change = only(builder);
    assertEquals(1_000, change.size());
    for (int i = 0; i < 1_000; i++) {
      assertArrayEquals(utf8("" + i), change.value(i));
    }
  }

  @Test
  void whatCannotBeIsRefusedAtOnce() {
    Batch.Builder dropped = Batch.builder().deleteBucket(USERS);
    assertCode(Code.NOT_FOUND, () -> dropped.put(USERS, utf8("k"), utf8("v")), "users");
    assertCode(Code.NOT_FOUND, () -> dropped.delete(USERS, utf8("k")), "users");
    Batch.Builder builder = Batch.builder();
    assertCode(Code.LIMIT, () -> builder.put(USERS, new byte[0], utf8("v")), "users");
    assertCode(Code.LIMIT, () -> builder.delete(USERS, new byte[0]), "users");
    assertThrows(NullPointerException.class, () -> builder.put(USERS, utf8("k"), null));
    assertTrue(builder.build().isEmpty());
  }
}
