package dev.cairn.spi;

import static dev.cairn.spi.Failures.assertCode;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.StorageException.Code;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final Limits SMALL = new Limits(5, 4, 10, 3, 25);
  private static final Bucket USERS = Bucket.named("users");

  private static Batch put(Bucket bucket, int keyBytes, int valueBytes) {
    return Batch.builder().put(bucket, new byte[keyBytes], new byte[valueBytes]).build();
  }

  @Test
  void thePortableLimitsAreThose() {
    assertEquals(new Limits(255, 511, 8_388_608, 1_024, 268_435_456L), Limits.PORTABLE);
    assertEquals(Bucket.NAME_BYTES_MAX, Limits.PORTABLE.bucketNameBytesMax());
  }

  @Test
  void whatIsAtALimitPasses() {
    assertDoesNotThrow(() -> SMALL.check(put(USERS, 4, 10)));
    assertDoesNotThrow(() -> SMALL.check(Batch.builder().delete(USERS, new byte[4]).build()));
    assertDoesNotThrow(() -> SMALL.check(Batch.builder().deleteBucket(USERS).build()));
    assertDoesNotThrow(() -> SMALL.check(USERS, new byte[4], 10));
    Batch largest =
        Batch.builder()
            .put(USERS, new byte[] {1}, new byte[10])
            .put(USERS, new byte[] {2, 2, 2, 2}, new byte[10])
            .build();
    assertEquals(25, largest.sizeBytes());
    assertDoesNotThrow(() -> SMALL.check(largest));
  }

  @Test
  void whatIsPastALimitIsNamed() {
    Bucket long6 = Bucket.named("longer");
    assertCode(Code.LIMIT, () -> SMALL.check(put(long6, 1, 1)), "longer", "5");
    byte[] key = {1, 2, 3, 4, 5};
    assertCode(
        Code.LIMIT, () -> SMALL.check(USERS, key, 0), "users", "0x0102030405", "5 bytes", "4");
    assertCode(Code.LIMIT, () -> SMALL.check(put(USERS, 5, 0)), "users", "0x0000000000");
    assertCode(Code.LIMIT, () -> SMALL.check(put(USERS, 1, 11)), "users", "0x00", "11", "10");
    assertCode(Code.LIMIT, () -> SMALL.check(USERS, new byte[1], 11), "11", "10");
    assertCode(Code.LIMIT, () -> SMALL.check(USERS, new byte[0], 1), "users");
    Batch deletes = Batch.builder().delete(USERS, new byte[5]).build();
    assertCode(Code.LIMIT, () -> SMALL.check(deletes), "users");
  }

  @Test
  void aTooLargeBatchIsNamed() {
    Batch.Builder batch = Batch.builder();
    for (byte i = 0; i < 3; i++) {
      batch.put(USERS, new byte[] {i}, new byte[8]);
    }
    assertCode(Code.LIMIT, () -> SMALL.check(batch.build()), "27", "25");
  }

  @Test
  void aLongKeyIsCutInTheMessage() {
    byte[] key = new byte[10_000];
    Arrays.fill(key, (byte) 0xab);
    StorageException refused =
        assertCode(Code.LIMIT, () -> SMALL.check(USERS, key, 0), "0xabab", "10000");
    assertTrue(refused.getMessage().length() < 200);
  }

  @Test
  void coveringNeedsEachLimit() {
    assertTrue(SMALL.covers(SMALL));
    assertTrue(Limits.PORTABLE.covers(SMALL));
    assertFalse(SMALL.covers(Limits.PORTABLE));
    assertFalse(SMALL.covers(new Limits(6, 4, 10, 3, 25)));
    assertFalse(SMALL.covers(new Limits(5, 5, 10, 3, 25)));
    assertFalse(SMALL.covers(new Limits(5, 4, 11, 3, 25)));
    assertFalse(SMALL.covers(new Limits(5, 4, 10, 4, 25)));
    assertFalse(SMALL.covers(new Limits(5, 4, 10, 3, 26)));
  }
}
