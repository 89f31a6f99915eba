package dev.cairn.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same digest as in one piece, whatever the pieces. */
class BackgroundDigestTest {
  private final Random random = new Random(1);

  private void assertSame(int sizeBytes, int pieceBytesMax) throws Exception {
    byte[] content = new byte[sizeBytes];
    random.nextBytes(content);
    try (BackgroundDigest digest = new BackgroundDigest(MessageDigest.getInstance("SHA-256"))) {
      for (int at = 0; at < sizeBytes; ) {
        int count = Math.min(sizeBytes - at, random.nextInt(pieceBytesMax + 1));
        byte[] piece = Arrays.copyOfRange(content, at, at + count);
        ByteBuffer bytes = ByteBuffer.wrap(piece);
        digest.update(random.nextBoolean() ? bytes : bytes.asReadOnlyBuffer());
        Arrays.fill(piece, (byte) 0);
        at += count;
      }
      assertArrayEquals(
          MessageDigest.getInstance("SHA-256").digest(content), digest.finish(), "" + sizeBytes);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4_096, 4_097, 16_384, 262_144, 262_145, 524_288, 3_000_001})
  void isTheDigestOfAll(int sizeBytes) throws Exception {
    assertSame(sizeBytes, 1);
    assertSame(sizeBytes, 1_000);
    assertSame(sizeBytes, 300_000);
    assertSame(sizeBytes, sizeBytes);
  }

  @Test
  void anInterruptCutsNothingShort() throws Exception {
    Thread.currentThread().interrupt();
    assertSame(3_000_001, 10_000);
    assertTrue(Thread.interrupted());
  }
}
