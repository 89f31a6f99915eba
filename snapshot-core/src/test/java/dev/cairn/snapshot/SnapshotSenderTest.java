package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.spi.StorageException;
import dev.cairn.testkit.TestRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotSenderTest {
  private static final long SEED = TestRun.seed(SnapshotSenderTest.class);

  private final SplittableRandom random = new SplittableRandom(SEED);

  /** What came, kept as a sink must: by copying. */
  private static final class Kept implements ChunkSink {
    private final List<byte[]> chunks = new ArrayList<>();
    private final List<Long> remaining = new ArrayList<>();

    @Override
    public void accept(ByteBuffer chunk, long remainingBytes) {
      byte[] copy = new byte[chunk.remaining()];
      chunk.get(copy);
      chunks.add(copy);
      remaining.add(remainingBytes);
    }

    byte[] joined() {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      chunks.forEach(all::writeBytes);
      return all.toByteArray();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "512, 512",
    "512, 1",
    "512, 2097152",
    "20480, 32768",
    "65536, 32768",
    "65536, 1000",
    "1048576, 512",
    "1049088, 1048576"
  })
  void chunksAreTheImageThenItsHash(int imageBytes, int chunkBytes) throws Exception {
    byte[] image = BytesSnapshot.randomBytes(imageBytes, random);
    Kept kept = new Kept();
    Received sent = new SnapshotSender(new BytesSnapshot(image, random), chunkBytes).sendTo(kept);

    byte[] hash = MessageDigest.getInstance("SHA-256").digest(image);
    byte[] expected = Arrays.copyOf(image, imageBytes + hash.length);
    System.arraycopy(hash, 0, expected, imageBytes, hash.length);
    assertArrayEquals(expected, kept.joined());
    assertEquals(new Received(imageBytes, HexFormat.of().formatHex(hash)), sent);

    int dataChunks = (imageBytes + chunkBytes - 1) / chunkBytes;
    assertEquals(dataChunks + 1, kept.chunks.size());
    long remaining = imageBytes;
    for (int i = 0; i < dataChunks; i++) {
      assertEquals(Math.min(chunkBytes, remaining), kept.chunks.get(i).length);
      remaining -= kept.chunks.get(i).length;
      assertEquals(remaining, kept.remaining.get(i));
    }
    assertArrayEquals(hash, kept.chunks.get(dataChunks));
    assertEquals(List.of(0L, 0L), kept.remaining.subList(dataChunks - 1, dataChunks + 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {-512, -1, 1, 512})
  void anImageOfAnotherLengthIsNeverSentWithAHash(int difference) {
    byte[] image = BytesSnapshot.randomBytes(8192, random);
    Kept kept = new Kept();
    SnapshotSender sender =
        new SnapshotSender(new BytesSnapshot(image, 8192 + difference, random), 1000);
    StorageException e = assertThrows(StorageException.class, () -> sender.sendTo(kept));
    assertEquals(StorageException.Code.CORRUPT, e.code());
    assertEquals(true, kept.joined().length <= 8192 + Math.min(0, difference));
  }

  @Test
  void whatTheSinkThrowsComesOutUnchangedAndEndsTheSending() {
    byte[] image = BytesSnapshot.randomBytes(1 << 16, random);
    IOException broken = new IOException("the other side is gone");
    int[] calls = {0};
    SnapshotSender sender = new SnapshotSender(new BytesSnapshot(image, random), 4096);
    ChunkSink sink =
        (chunk, remaining) -> {
          if (++calls[0] == 3) {
            throw broken;
          }
        };
    assertSame(broken, assertThrows(IOException.class, () -> sender.sendTo(sink)));
    assertEquals(3, calls[0]);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, SnapshotSender.CHUNK_BYTES_MAX + 1})
  void aChunkSizeOutOfRangeIsRefused(int chunkBytes) {
    BytesSnapshot image = new BytesSnapshot(new byte[512], random);
    StorageException e =
        assertThrows(StorageException.class, () -> new SnapshotSender(image, chunkBytes));
    assertEquals(StorageException.Code.LIMIT, e.code());
  }
}
