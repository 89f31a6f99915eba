package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevisionTest {
  private static ByteBuffer hex(String digits) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(digits));
  }

  @Test
  void aKeyIsBothNumbersAndTheirSeparator() {
    Revision revision = Revision.of(0x0102, 3);
    assertArrayEquals(hex("00000000000001025f0000000000000003").array(), revision.encode());
    assertEquals(revision, Revision.decode(hex("00000000000001025f0000000000000003")));
  }

  @Test
  void aDeletionHasOneByteMore() {
    Revision revision = new Revision(5, 0, true);
    assertArrayEquals(hex("00000000000000055f000000000000000074").array(), revision.encode());
    assertEquals(revision, Revision.decode(ByteBuffer.wrap(revision.encode())));
  }

  @Test
  void decodingReadsFromThePositionAndLeavesIt() {
    ByteBuffer key = ByteBuffer.allocate(20).position(3);
    key.put(Revision.of(9, 1).encode()).position(3);
    assertEquals(Revision.of(9, 1), Revision.decode(key));
    assertEquals(3, key.position());
  }

  @Test
  void theOrderIsThatOfTheKeys() {
    Revision[] rising = {
      Revision.of(1, 9), Revision.of(2, 0), Revision.of(2, 1), Revision.of(-1, 0)
    };
    for (int i = 1; i < rising.length; i++) {
      ByteBuffer before = ByteBuffer.wrap(rising[i - 1].encode());
      assertEquals(true, rising[i - 1].compareTo(rising[i]) < 0);
      assertEquals(true, java.util.Arrays.compareUnsigned(before.array(), rising[i].encode()) < 0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00000000000001025f00000000000000",
        "0000000000000102600000000000000003",
        "00000000000001025f000000000000000375",
        "00000000000001025f00000000000000037474"
      })
  void anythingElseIsCorrupt(String digits) {
    StorageException e = assertThrows(StorageException.class, () -> Revision.decode(hex(digits)));
    assertEquals(StorageException.Code.CORRUPT, e.code());
  }
}
