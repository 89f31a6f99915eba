package dev.cairn.engine.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The encoded form, which stays what it is, and what is refused. */
class IdentityTest {
  private static final Path STORE = Path.of("store.db");
  private static final String ID = "00112233445566778899aabbccddeeff";
  private static final byte[] ENCODED =
      HexFormat.of().parseHex("636169726e000102" + ID); // "cairn", 0, version 0x0102, id

  private static String refusal(Code code, byte[] bytes, int versionMax) {
    StorageException thrown =
        assertThrows(StorageException.class, () -> Identity.decode(bytes, versionMax, STORE));
    assertEquals(code, thrown.code());
    assertTrue(thrown.getMessage().startsWith(STORE + ": "));
    return thrown.getMessage();
  }

  @Test
  void isEncodedAsDocumented() {
    Identity identity = new Identity(0x0102, ID);
    assertArrayEquals(ENCODED, identity.encode());
    assertEquals(identity, Identity.decode(ENCODED, 0x0102, STORE));
    Identity last = new Identity(0xffff, ID);
    assertEquals(last, Identity.decode(last.encode(), 0xffff, STORE));
  }

  @Test
  void aFreshOneIsLikeNoOther() {
    Identity one = Identity.fresh(1);
    assertEquals(one, Identity.decode(one.encode(), 1, STORE));
    assertNotEquals(one.storeId(), Identity.fresh(1).storeId());
  }

  @Test
  void refusesForeignBytes() {
    String message = refusal(Code.UNSUPPORTED, null, 1);
    assertTrue(message.contains("not a Cairn store"));
    assertEquals(message, refusal(Code.UNSUPPORTED, new byte[0], 1));
    assertEquals(message, refusal(Code.UNSUPPORTED, new byte[24], 1));
    assertEquals(message, refusal(Code.UNSUPPORTED, Arrays.copyOf(ENCODED, 7), 1));
    byte[] other = ENCODED.clone();
    other[0] ^= 1;
    assertEquals(message, refusal(Code.UNSUPPORTED, other, 0x0102));
  }

  @Test
  void namesANewerVersionWhateverItsLength() {
    assertTrue(refusal(Code.UNSUPPORTED, ENCODED, 0x0101).contains("format version 258"));
    byte[] longer = Arrays.copyOf(ENCODED, 100);
    assertTrue(refusal(Code.UNSUPPORTED, longer, 1).contains("format version 258"));
    byte[] zero = ENCODED.clone();
    zero[6] = 0;
    zero[7] = 0;
    assertTrue(refusal(Code.UNSUPPORTED, zero, 1).contains("format version 0"));
  }

  @Test
  void aKnownVersionOfAnotherLengthIsDamaged() {
    refusal(Code.CORRUPT, Arrays.copyOf(ENCODED, 23), 0x0102);
    refusal(Code.CORRUPT, Arrays.copyOf(ENCODED, 25), 0x0102);
  }

  @Test
  void hasNoOtherShape() {
    assertThrows(IllegalArgumentException.class, () -> new Identity(0, ID));
    assertThrows(IllegalArgumentException.class, () -> new Identity(0x10000, ID));
    assertThrows(IllegalArgumentException.class, () -> new Identity(1, ID.replace("a", "A")));
    assertThrows(IllegalArgumentException.class, () -> new Identity(1, ID + "00"));
  }
}
