package dev.cairn.engine.h2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.WriteBuffer;
import org.junit.jupiter.api.Test;

class ByteArrayTypeTest {
  private static final ByteArrayType TYPE = ByteArrayType.INSTANCE;

  private final SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));

  @Test
  void aMapIsInTheOrderOfUnsignedBytes() {
    List<byte[]> keys = new ArrayList<>();
    for (int value = 0; value < 256; value++) {
      keys.add(new byte[] {(byte) value});
      keys.add(new byte[] {(byte) value, 0});
      keys.add(new byte[] {(byte) value, (byte) 0xff});
      keys.add(new byte[] {0x7f, (byte) value, (byte) 0x80});
    }
    for (int i = 0; i < 2_000; i++) {
      keys.add(Stores.random(random, 1 + random.nextInt(6)));
    }
    try (MVStore store = MVStore.open(null)) {
      MVMap<byte[], byte[]> map =
          store.openMap("m", new MVMap.Builder<byte[], byte[]>().keyType(TYPE).valueType(TYPE));
      keys.forEach(key -> map.put(key, key));
      byte[] before = null;
      for (byte[] key : map.keySet()) {
        int order = before == null ? -1 : Arrays.compareUnsigned(before, key);
        assertEquals(-1, Integer.signum(order));
        before = key;
      }
      keys.forEach(key -> assertArrayEquals(key, map.get(key)));
    }
  }

  @Test
  void whatIsWrittenIsReadBack() {
    for (int length : new int[] {0, 1, 127, 128, 511, 16_383, 16_384, 2_097_152}) {
      byte[] bytes = Stores.random(random, length);
      WriteBuffer buffer = new WriteBuffer();
      TYPE.write(buffer, bytes);
      ByteBuffer written = buffer.getBuffer().flip();
      assertArrayEquals(bytes, TYPE.read(written));
      assertEquals(0, written.remaining());
    }
  }

  @Test
  void aLengthThatCannotBeIsNoWishForMemory() {
    for (byte[] damaged :
        new byte[][] {
          {5, 1, 2}, {-1, -1, -1, -1, 7}, {-1, -1, -1, -1, 15}, {-128, -128, -128, -128, 8}
        }) {
      assertThrows(MVStoreException.class, () -> TYPE.read(ByteBuffer.wrap(damaged)));
    }
    assertThrows(MVStoreException.class, () -> TYPE.createStorage(1 << 28));
    assertThrows(MVStoreException.class, () -> TYPE.createStorage(-1));
  }
}
