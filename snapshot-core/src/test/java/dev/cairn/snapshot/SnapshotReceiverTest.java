package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotReceiverTest {
  private static final long SEED = TestRun.seed(SnapshotReceiverTest.class);

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final SnapshotReceiver receiver = new SnapshotReceiver(Channels.newChannel(out));

  /** Image and hash behind each other. */
  private byte[] stream(int imageBytes) {
    byte[] image = BytesSnapshot.randomBytes(imageBytes, random);
    byte[] stream = Arrays.copyOf(image, imageBytes + 32);
    System.arraycopy(Sha256.start().digest(image), 0, stream, imageBytes, 32);
    return stream;
  }

  /** Sends bytes in given pieces, announcing what an honest sender would. */
  private static void send(SnapshotReceiver to, byte[] stream, long imageBytes, int... pieces) {
    int at = 0;
    for (int piece : pieces) {
      long remaining = Math.max(0, imageBytes - at - piece);
      to.accept(ByteBuffer.wrap(stream, at, piece).slice().asReadOnlyBuffer(), remaining);
      at += piece;
    }
  }

  private static void assertCode(Code code, String part, Runnable action) {
    StorageException e = assertThrows(StorageException.class, action::run);
    assertEquals(code, e.code(), e.getMessage());
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void everyFramingGivesTheImage() {
    int framings = TestRun.count(3_000, 100_000);
    for (int i = 0; i < framings; i++) {
      int imageBytes = 512 * random.nextInt(1, 5);
      byte[] stream = stream(imageBytes);
      ByteArrayOutputStream image = new ByteArrayOutputStream();
      try (SnapshotReceiver to = new SnapshotReceiver(Channels.newChannel(image))) {
        send(to, stream, imageBytes, randomPieces(stream.length));
        Received received = to.finish();
        assertEquals(imageBytes, received.imageBytes());
        assertArrayEquals(Arrays.copyOf(stream, imageBytes), image.toByteArray());
        assertArrayEquals(Arrays.copyOfRange(stream, imageBytes, stream.length), received.hash());
      }
    }
    TestRun.report("receiver framings", framings);
  }

  private int[] randomPieces(int total) {
    List<Integer> pieces = new ArrayList<>();
    int most = 1 << random.nextInt(12);
    for (int left = total; left > 0; ) {
      int piece = Math.min(left, random.nextInt(0, most + 1));
      pieces.add(piece);
      left -= piece;
    }
    return pieces.stream().mapToInt(each -> each).toArray();
  }

  @Test
  void nothingOfTheHashIsEverPassedOn() {
    byte[] stream = stream(1024);
    for (int at = 0; at < stream.length; at++) {
      receiver.accept(ByteBuffer.wrap(stream, at, 1), Math.max(0, 1024 - at - 1));
      assertEquals(Math.max(0, at + 1 - 32), out.size());
    }
    assertEquals(1024, receiver.finish().imageBytes());
  }

  @Test
  void anyFlippedBitIsAMismatch() {
    for (int i = 0; i < TestRun.count(300, 10_000); i++) {
      byte[] stream = stream(1024);
      stream[random.nextInt(stream.length)] ^= (byte) (1 << random.nextInt(8));
      SnapshotReceiver to = new SnapshotReceiver(Channels.newChannel(new ByteArrayOutputStream()));
      send(to, stream, 1024, randomPieces(stream.length));
      assertCode(Code.HASH_MISMATCH, "SHA-256", to::finish);
    }
  }

  @Test
  void aStreamThatEndsEarlyIsCorrupt() {
    byte[] stream = stream(2048);
    for (int length = 1; length < stream.length; length++) {
      SnapshotReceiver to = new SnapshotReceiver(Channels.newChannel(new ByteArrayOutputStream()));
      int first = Math.min(700, length);
      send(to, stream, 2048, first, length - first);
      assertCode(Code.CORRUPT, "ends after " + length + " bytes", to::finish);
    }
  }

  @Test
  void aStreamWithoutAHashIsCorrupt() {
    byte[] stream = stream(2048);
    send(receiver, stream, 2048, 2048);
    assertCode(Code.CORRUPT, "no SHA-256 at the end", receiver::finish);
  }

  @Test
  void nothingAtAllIsCorrupt() {
    assertCode(Code.CORRUPT, "is empty", receiver::finish);
  }

  @Test
  void aHashOfNothingIsCorrupt() {
    send(receiver, Sha256.start().digest(), 0, 32);
    assertCode(Code.CORRUPT, "no SHA-256 at the end", receiver::finish);
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 2000, 'announces 2000 more, and should announce 0'",
    "1000, 1, 'announces 1 more, and should announce 0'",
    "500, 0, 'announces 0 more, and should announce 48'",
    "500, 1048, 'announces 1048 more, and should announce 48'",
    "500, -1, 'announces -1 more, and should announce 48'"
  })
  void anAnnouncementThatDoesNotFollowIsCorrupt(int piece, long remaining, String why) {
    byte[] stream = stream(2048);
    send(receiver, stream, 2048, 1500);
    ByteBuffer next = ByteBuffer.wrap(stream, 1500, Math.min(piece, stream.length - 1500));
    assertCode(Code.CORRUPT, why, () -> receiver.accept(next, remaining));
  }

  @Test
  void aFirstAnnouncementBelowZeroOrBeyondCountingIsCorrupt() {
    for (long remaining : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      SnapshotReceiver to = new SnapshotReceiver(Channels.newChannel(out));
      assertCode(Code.CORRUPT, "announces", () -> to.accept(ByteBuffer.allocate(100), remaining));
    }
  }

  @Test
  void moreThanWasAnnouncedIsRefusedBeforeItIsPassedOn() {
    byte[] stream = stream(2048);
    send(receiver, stream, 2048, 1000, 1080);
    int before = out.size();
    assertCode(
        Code.CORRUPT,
        "announced with 2048 bytes",
        () -> receiver.accept(ByteBuffer.allocate(1), 0));
    assertEquals(before, out.size());
  }

  @Test
  void afterAFailureEveryCallFailsTheSame() {
    byte[] stream = stream(1024);
    send(receiver, stream, 1024, 700);
    ByteBuffer rest = ByteBuffer.wrap(stream, 700, 356);
    StorageException first =
        assertThrows(StorageException.class, () -> receiver.accept(rest, 5_000));
    assertSame(first, assertThrows(StorageException.class, () -> receiver.accept(rest, 0)));
    assertSame(first, assertThrows(StorageException.class, receiver::finish));
  }

  @Test
  void whatTheOutputThrowsComesOut() {
    IOException broken = new IOException("no more");
    WritableByteChannel failing =
        new WritableByteChannel() {
          @Override
          public int write(ByteBuffer from) throws IOException {
            throw broken;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };
    SnapshotReceiver to = new SnapshotReceiver(failing);
    byte[] stream = stream(512);
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> send(to, stream, 512, 544));
    assertSame(broken, e.getCause());
  }

  @Test
  void aChannelThatTakesLittleAtATimeGetsAll() {
    byte[] stream = stream(4096);
    WritableByteChannel slow =
        new WritableByteChannel() {
          @Override
          public int write(ByteBuffer from) {
            int count = Math.min(from.remaining(), random.nextInt(8));
            for (int i = 0; i < count; i++) {
              out.write(from.get());
            }
            return count;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };
    SnapshotReceiver to = new SnapshotReceiver(slow);
    send(to, stream, 4096, 3000, 1128);
    to.finish();
    assertArrayEquals(Arrays.copyOf(stream, 4096), out.toByteArray());
  }

  @Test
  void aClosedReceiverRefusesAndLeavesItsOutputOpen() {
    receiver.close();
    receiver.close();
    assertCode(Code.CLOSED, "closed", () -> receiver.accept(ByteBuffer.allocate(1), 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 32_768, 1 << 20})
  void whatASenderSendsIsReceived(int chunkBytes) throws IOException {
    byte[] image = BytesSnapshot.randomBytes(512 * 100, random);
    Received sent =
        new SnapshotSender(new BytesSnapshot(image, random), chunkBytes).sendTo(receiver::accept);
    assertEquals(sent, receiver.finish());
    assertArrayEquals(image, out.toByteArray());
  }
}
