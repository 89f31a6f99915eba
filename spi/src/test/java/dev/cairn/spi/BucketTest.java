package dev.cairn.spi;

import static dev.cairn.spi.Failures.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.StorageException.Code;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BucketTest {
  @Test
  void namesAreOneToTwoHundredFiftyFiveBytes() {
    assertEquals(1, Bucket.of(new byte[1]).name().length);
    assertEquals(255, Bucket.of(new byte[255]).name().length);
    assertCode(Code.LIMIT, () -> Bucket.of(new byte[0]), "0");
    assertCode(Code.LIMIT, () -> Bucket.of(new byte[256]), "255", "256");
    assertCode(Code.LIMIT, () -> Bucket.named(""));
    assertCode(Code.LIMIT, () -> Bucket.named("ä".repeat(128)), "256");
    assertThrows(NullPointerException.class, () -> Bucket.of(null));
  }

  @Test
  void theNameIsCopiedBothWays() {
    byte[] name = {1, 2};
    Bucket bucket = Bucket.of(name);
    name[0] = 9;
    bucket.name()[1] = 9;
    assertArrayEquals(new byte[] {1, 2}, bucket.name());
  }

  @Test
  void orderIsThatOfUnsignedBytes() {
    byte[][] names = {{0}, {0, 0}, {0x7f}, {0x7f, 1}, {(byte) 0x80}, {(byte) 0xff}};
    for (int i = 0; i < names.length; i++) {
      for (int j = 0; j < names.length; j++) {
        Bucket one = Bucket.of(names[i]);
        Bucket other = Bucket.of(names[j]);
        assertEquals(Integer.signum(i - j), Integer.signum(one.compareTo(other)));
        assertEquals(i == j, one.equals(other));
      }
    }
  }

  @Test
  void equalNamesAreEqualBuckets() {
    assertEquals(Bucket.named("users"), Bucket.of("users".getBytes(StandardCharsets.UTF_8)));
    assertEquals(Bucket.named("users").hashCode(), Bucket.named("users").hashCode());
    assertNotEquals(Bucket.named("users"), "users");
  }

  @Test
  void itIsShownAsTextOrHexAndCut() {
    assertEquals("users", Bucket.named("users").toString());
    assertEquals("0x00ff", Bucket.of(new byte[] {0, (byte) 0xff}).toString());
    assertEquals("0x7f", Bucket.of(new byte[] {0x7f}).toString());
    assertTrue(Bucket.named("x".repeat(255)).toString().length() < 80);
    assertTrue(Bucket.of(new byte[255]).toString().endsWith("..."));
  }
}
