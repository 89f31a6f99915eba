package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.cairn.etcd.proto.ResponseHeader;
import dev.cairn.etcd.proto.SnapshotResponse;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The hand-made marshalling against the generated message. */
class WireTest {
  private static final Runnable NOTHING = () -> {};

  private final Random random = new Random(TestRun.seed(WireTest.class));

  @Test
  void framesAreTheGeneratedMessage() throws IOException {
    int frames = TestRun.count(500, 20_000);
    for (int i = 0; i < frames; i++) {
      byte[] blob = bytes(random.nextInt(1 << random.nextInt(18)));
      long remaining = random.nextLong() >>> random.nextInt(64);
      byte[] expected = message(remaining, blob).toByteArray();
      assertArrayEquals(expected, drained(remaining, ByteBuffer.wrap(blob)));
      assertArrayEquals(expected, read(remaining, ByteBuffer.wrap(blob).asReadOnlyBuffer()));
      assertArrayEquals(expected, drained(remaining, direct(blob)));
    }
    TestRun.report("frames written", frames);
  }

  @Test
  void aPartOfABufferIsSent() throws IOException {
    ByteBuffer part = ByteBuffer.wrap("xxabcyy".getBytes("US-ASCII")).position(2).limit(5).slice();
    byte[] expected = message(7, "abc".getBytes("US-ASCII")).toByteArray();
    assertArrayEquals(expected, drained(7, part));
    assertEquals(3, part.remaining(), "the caller's buffer is not moved");
  }

  @Test
  void generatedMessagesAreParsedAndWhatIsOfNoUseSkipped() {
    FrameParser parser = new FrameParser(1 << 20);
    int frames = TestRun.count(500, 20_000);
    for (int i = 0; i < frames; i++) {
      byte[] blob = bytes(random.nextInt(1 << random.nextInt(18)));
      long remaining = random.nextLong() >>> random.nextInt(64);
      SnapshotFrame frame = parser.parse(new ByteArrayInputStream(crowded(remaining, blob)));
      assertEquals(remaining, frame.remainingBytes());
      assertEquals(ByteBuffer.wrap(blob), frame.blob());
      frame.whenTaken().run();
    }
    TestRun.report("frames parsed", frames);
  }

  @Test
  void aBufferIsUsedAgainOnlyAfterItsFrame() {
    FrameParser parser = new FrameParser(1 << 20);
    byte[] message = message(1, bytes(1000)).toByteArray();
    SnapshotFrame first = parser.parse(new ByteArrayInputStream(message));
    SnapshotFrame second = parser.parse(new ByteArrayInputStream(message));
    byte[] firstArray = first.blob().array();
    assertEquals(false, firstArray == second.blob().array());
    first.whenTaken().run();
    SnapshotFrame third = parser.parse(new ByteArrayInputStream(message));
    assertSame(firstArray, third.blob().array());
  }

  @Test
  void damagedMessagesAreCorruptAndNothingElse() {
    int damaged = 0;
    for (int i = 0; i < TestRun.count(2_000, 100_000); i++) {
      byte[] message = crowded(random.nextLong(), bytes(random.nextInt(40)));
      byte[] cut = new byte[random.nextInt(message.length)];
      System.arraycopy(message, 0, cut, 0, cut.length);
      damaged += refused(random.nextBoolean() ? cut : flipped(message));
    }
    TestRun.report("damaged messages refused", damaged);
    assertEquals(true, damaged > 100);
  }

  @Test
  void aBlobOverTheLimitIsRefusedBeforeItIsRead() {
    FrameParser parser = new FrameParser(10);
    byte[] message = message(0, bytes(11)).toByteArray();
    StorageException e =
        assertThrows(StorageException.class, () -> parser.parse(new ByteArrayInputStream(message)));
    assertEquals(Code.CORRUPT, e.code());
  }

  @Test
  void aVersionComesBehindTheBlobAsInTheMessageOf36() throws IOException {
    for (int blobBytes : new int[] {0, 1, 32, 70_000}) {
      byte[] blob = bytes(blobBytes);
      SnapshotResponse expected =
          SnapshotResponse.newBuilder()
              .setRemainingBytes(blobBytes * 3L)
              .setBlob(ByteString.copyFrom(blob))
              .setVersion("3.6.0")
              .build();
      SnapshotFrame frame =
          new SnapshotFrame(blobBytes * 3L, ByteBuffer.wrap(blob), "3.6.0", NOTHING);
      ByteArrayOutputStream drained = new ByteArrayOutputStream();
      assertEquals(expected.getSerializedSize(), new FrameStream(frame).drainTo(drained));
      assertArrayEquals(expected.toByteArray(), drained.toByteArray());
      assertArrayEquals(expected.toByteArray(), new FrameStream(frame).readAllBytes());
    }
  }

  @Test
  void takenIsToldOnceWhenReadDrainedOrDropped() throws IOException {
    AtomicInteger told = new AtomicInteger();
    SnapshotFrame frame = new SnapshotFrame(0, ByteBuffer.wrap(bytes(100)), told::incrementAndGet);
    FrameStream dropped = new FrameStream(frame);
    assertEquals(0, told.get());
    dropped.close();
    dropped.close();
    assertEquals(1, told.get());
    assertEquals(-1, dropped.read());
    FrameStream read = new FrameStream(frame);
    read.readAllBytes();
    read.close();
    assertEquals(2, told.get());
    FrameStream drained = new FrameStream(frame);
    drained.drainTo(new ByteArrayOutputStream());
    drained.close();
    assertEquals(3, told.get());
  }

  private int refused(byte[] message) {
    try {
      new FrameParser(1 << 16).parse(new ByteArrayInputStream(message));
      return 0;
    } catch (StorageException e) {
      assertEquals(Code.CORRUPT, e.code());
      return 1;
    }
  }

  private byte[] flipped(byte[] message) {
    message[random.nextInt(message.length)] ^= (byte) (1 << random.nextInt(8));
    return message;
  }

  private static byte[] drained(long remaining, ByteBuffer blob) throws IOException {
    FrameStream stream = new FrameStream(new SnapshotFrame(remaining, blob, NOTHING));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int announced = stream.available();
    assertEquals(announced, stream.drainTo(out));
    assertEquals(announced, out.size());
    assertEquals(0, stream.available());
    return out.toByteArray();
  }

  private byte[] read(long remaining, ByteBuffer blob) {
    FrameStream stream = new FrameStream(new SnapshotFrame(remaining, blob, NOTHING));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] some = new byte[1 + random.nextInt(5000)];
    for (int count = stream.read(some, 0, some.length);
        count >= 0;
        count = stream.read(some, 0, some.length)) {
      out.write(some, 0, count);
    }
    return out.toByteArray();
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static SnapshotResponse message(long remaining, byte[] blob) {
    return SnapshotResponse.newBuilder()
        .setRemainingBytes(remaining)
        .setBlob(ByteString.copyFrom(blob))
        .build();
  }

  /** With all that today's and tomorrow's servers may add. */
  private byte[] crowded(long remaining, byte[] blob) {
    UnknownFieldSet.Field unknown =
        UnknownFieldSet.Field.newBuilder()
            .addVarint(random.nextLong())
            .addFixed64(1)
            .addFixed32(2)
            .addLengthDelimited(ByteString.copyFromUtf8("later"))
            .build();
    return message(remaining, blob).toBuilder()
        .setHeader(ResponseHeader.newBuilder().setRevision(random.nextLong()))
        .setVersion("3.6.0")
        .setUnknownFields(UnknownFieldSet.newBuilder().addField(900, unknown).build())
        .build()
        .toByteArray();
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
