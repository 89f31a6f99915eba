package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's side of a stream, over images that need no store. */
@Timeout(600)
class SnapshotStreamTest {
  private static final MaintenanceConfig CONFIG = MaintenanceConfig.defaults();

  private static SnapshotStreams streams(FakeImage image, MaintenanceConfig config) {
    return new SnapshotStreams(holder -> holder.hold(image), config);
  }

  /** Longer than a server and a client can hold between them. */
  private static FakeImage endless() {
    return new FakeImage(1L << 40, 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 32_768, 100_000, 1 << 20, MaintenanceConfig.CHUNK_BYTES_MAX})
  void theImageArrivesWhateverTheChunks(int chunkBytes) throws IOException {
    FakeImage image = new FakeImage(7_001 * 512, 4);
    SnapshotStreams streams = streams(image, CONFIG.withChunkBytes(chunkBytes));
    try (Loopback server = Loopback.serving(Loopback.streaming(streams));
        MaintenanceClient client = server.client()) {
      assertArrives(image, client);
    }
    assertEquals(0, image.closed.getCount());
  }

  /** In-process receivers read a message whenever they like: the buffer must wait for them. */
  @Test
  void theImageArrivesInProcess() throws IOException {
    FakeImage image = new FakeImage(7_001 * 512, 5);
    SnapshotStreams streams = streams(image, CONFIG.withChunkBytes(65_536));
    Server server =
        InProcessServerBuilder.forName("stream")
            .addService(Loopback.streaming(streams))
            .build()
            .start();
    ManagedChannel channel = InProcessChannelBuilder.forName("stream").build();
    try (MaintenanceClient client =
        new MaintenanceClient(channel, "in process", Loopback.PATIENT)) {
      assertArrives(image, client);
    } finally {
      server.shutdownNow();
    }
  }

  private static void assertArrives(FakeImage image, MaintenanceClient client) throws IOException {
    ByteArrayOutputStream copied = new ByteArrayOutputStream();
    assertEquals(image.size(), client.copyTo(Channels.newChannel(copied)).imageBytes());
    byte[] expected = image.bytes();
    assertEquals(expected.length + 32, copied.size());
    assertArrayEquals(expected, Arrays.copyOf(copied.toByteArray(), expected.length));
  }

  @Test
  void aChannelReadsImageAndHashInPiecesOfAnySize() throws IOException {
    FakeImage image = new FakeImage(3_000 * 512, 6);
    SnapshotStreams streams = new SnapshotStreams(holder -> new FakeImage(3_000 * 512, 6), CONFIG);
    try (Loopback server = Loopback.serving(Loopback.streaming(streams));
        MaintenanceClient client = server.client()) {
      ByteArrayOutputStream copied = new ByteArrayOutputStream();
      client.copyTo(Channels.newChannel(copied));
      for (int pieceBytes : new int[] {1_000, 65_537, 10 << 20}) {
        ByteBuffer read = ByteBuffer.allocate((int) image.size() + 33);
        try (ReadableByteChannel channel = client.openSnapshot()) {
          int count = 0;
          while (count >= 0) {
            read.limit(Math.min(read.capacity(), read.position() + pieceBytes));
            count = channel.read(read);
          }
          assertEquals(-1, channel.read(ByteBuffer.allocate(1)));
        }
        assertArrayEquals(copied.toByteArray(), Arrays.copyOf(read.array(), read.position()));
      }
    }
  }

  @Test
  void etcdsFramingAt32KiB() throws IOException {
    FakeImage image = new FakeImage(5 * 32_768 + 512, 7);
    List<long[]> frames = frames(image, CONFIG.withChunkBytes(32_768));
    List<long[]> expected = new ArrayList<>();
    for (int left = 4; left >= 0; left--) {
      expected.add(new long[] {32_768, left * 32_768L + 512});
    }
    expected.add(new long[] {512, 0});
    expected.add(new long[] {32, 0});
    assertEquals(expected.size(), frames.size());
    for (int i = 0; i < frames.size(); i++) {
      assertArrayEquals(expected.get(i), frames.get(i));
    }
  }

  /** Blob size and announcement of each message. */
  private static List<long[]> frames(FakeImage image, MaintenanceConfig config) throws IOException {
    List<long[]> frames = new ArrayList<>();
    ManagedChannel channel = InProcessChannelBuilder.forName("frames").build();
    Server server =
        InProcessServerBuilder.forName("frames")
            .addService(Loopback.streaming(streams(image, config)))
            .build()
            .start();
    try (SnapshotCall call =
        new SnapshotCall(
            channel,
            "in process",
            Loopback.PATIENT,
            new Metadata(),
            System.nanoTime() + TimeUnit.SECONDS.toNanos(60))) {
      for (SnapshotFrame frame = call.next(); frame != null; frame = call.next()) {
        frames.add(new long[] {frame.blob().remaining(), frame.remainingBytes()});
      }
    } finally {
      channel.shutdownNow();
      server.shutdownNow();
    }
    return frames;
  }

  @Test
  void aClientThatCancelsLetsThePinGo() throws Exception {
    FakeImage image = endless();
    try (Loopback server = Loopback.serving(Loopback.streaming(streams(image, CONFIG)));
        MaintenanceClient client = server.client()) {
      ReadableByteChannel channel = client.openSnapshot();
      assertTrue(channel.read(ByteBuffer.allocate(1_000)) > 0);
      assertEquals(1, image.closed.getCount());
      long start = System.nanoTime();
      channel.close();
      assertTrue(image.closed.await(60, TimeUnit.SECONDS));
      TestRun.report(
          "milliseconds from a cancel to the pin let go",
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }
  }

  @Test
  void aClientThatCancelsWhileTheImageIsPlannedLetsThePinGo() throws Exception {
    FakeImage pin = endless();
    CountDownLatch planning = new CountDownLatch(1);
    ImageSource source =
        holder -> {
          holder.hold(pin);
          planning.countDown();
          assertTrue(awaitQuietly(pin.closed), "closed while it is planned");
          throw StorageException.of(Code.CLOSED, "the view is closed");
        };
    SnapshotStreams streams = new SnapshotStreams(source, CONFIG);
    try (Loopback server = Loopback.serving(Loopback.streaming(streams))) {
      MaintenanceClient client = server.client();
      Thread fetch =
          new Thread(
              () -> assertThrows(StorageException.class, () -> client.openSnapshot().close()));
      fetch.start();
      planning.await();
      client.close();
      fetch.join();
      assertTrue(pin.closed.await(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void whatIsPinnedAfterTheEndIsLetGoAtOnce() {
    FakeImage early = endless();
    FakeImage late = endless();
    Holdings holdings = new Holdings();
    holdings.hold(early);
    holdings.close();
    holdings.hold(late);
    assertEquals(0, early.closed.getCount() + late.closed.getCount());
  }

  @Test
  void theThirdStreamIsRefusedAndAnEndMakesRoom() throws Exception {
    List<FakeImage> images = new ArrayList<>();
    ImageSource source =
        holder -> {
          synchronized (images) {
            images.add(endless());
            return holder.hold(images.get(images.size() - 1));
          }
        };
    try (Loopback server =
            Loopback.serving(Loopback.streaming(new SnapshotStreams(source, CONFIG)));
        MaintenanceClient client = server.client(Loopback.PATIENT)) {
      ReadableByteChannel first = client.openSnapshot();
      ReadableByteChannel second = client.openSnapshot();
      StorageException e = assertThrows(StorageException.class, client::openSnapshot);
      assertEquals(Code.UNAVAILABLE, e.code());
      assertTrue(e.getMessage().contains("too many"), e.getMessage());
      first.close();
      try (ReadableByteChannel third = openWhenThereIsRoom(client)) {
        assertTrue(third.read(ByteBuffer.allocate(10)) > 0);
      }
      second.close();
      assertEquals(3, images.size());
    }
  }

  private static ReadableByteChannel openWhenThereIsRoom(MaintenanceClient client)
      throws InterruptedException {
    while (true) {
      try {
        return client.openSnapshot();
      } catch (StorageException e) {
        assertTrue(e.getMessage().contains("too many"), e.getMessage());
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }

  @Test
  void oneAfterTheOtherIsNeverRefused() throws IOException {
    SnapshotStreams streams =
        new SnapshotStreams(holder -> new FakeImage(512, 1), CONFIG.withSnapshotsMax(1));
    try (Loopback server = Loopback.serving(Loopback.streaming(streams));
        MaintenanceClient client = server.client()) {
      int fetches = TestRun.count(300, 10_000);
      for (int i = 0; i < fetches; i++) {
        assertEquals(512, client.copyTo(new WritableNowhere()).imageBytes());
      }
      TestRun.report("snapshots one after the other", fetches);
    }
  }

  @Test
  void aClientThatTakesNothingIsDropped() throws Exception {
    FakeImage image = endless();
    SnapshotStreams streams = streams(image, CONFIG.withStallMillis(1_000));
    try (Loopback server = Loopback.serving(Loopback.streaming(streams));
        MaintenanceClient client = server.client()) {
      ReadableByteChannel channel = client.openSnapshot();
      assertTrue(image.closed.await(60, TimeUnit.SECONDS));
      StorageException e =
          assertThrows(
              StorageException.class,
              () -> Channels.newInputStream(channel).transferTo(new WritableNowhere().asStream()));
      assertEquals(Code.UNAVAILABLE, e.code());
      assertTrue(e.getMessage().contains("took nothing"), e.getMessage());
    }
  }

  @Test
  void closingTheServiceEndsStreamsAsUnavailable() throws Exception {
    FakeImage image = endless();
    SnapshotStreams streams = streams(image, CONFIG);
    try (Loopback server = Loopback.serving(Loopback.streaming(streams));
        MaintenanceClient client = server.client();
        MaintenanceClient late = server.client(ClientConfig.defaults().withDialMillis(400))) {
      ReadableByteChannel channel = client.openSnapshot();
      streams.close();
      assertEquals(0, image.closed.getCount());
      StorageException e =
          assertThrows(
              StorageException.class,
              () -> Channels.newInputStream(channel).transferTo(new WritableNowhere().asStream()));
      assertEquals(Code.UNAVAILABLE, e.code());
      assertTrue(e.getMessage().contains("shutting down"), e.getMessage());
      StorageException later = assertThrows(StorageException.class, late::openSnapshot);
      assertEquals(Code.UNAVAILABLE, later.code());
    }
  }

  @Test
  void aFailureOfTheImageKeepsItsCode() throws IOException {
    AtomicReference<Code> code = new AtomicReference<>(Code.CORRUPT);
    ImageSource source =
        holder -> {
          throw StorageException.of(code.get(), "no image");
        };
    SnapshotStreams streams = new SnapshotStreams(source, CONFIG);
    try (Loopback server = Loopback.serving(Loopback.streaming(streams))) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
      ClientConfig patient = ClientConfig.defaults().withDialMillis(60_000);
      assertFails(Code.CORRUPT, new MaintenanceClient(channel, "server", patient));
      // Connected now: what is tried again fails soon.
      ClientConfig impatient = ClientConfig.defaults().withDialMillis(1);
      for (Code each : Code.values()) {
        code.set(each);
        assertFails(each, new MaintenanceClient(channel, "server", impatient));
      }
      channel.shutdownNow();
    }
  }

  private static void assertFails(Code code, MaintenanceClient client) {
    StorageException e = assertThrows(StorageException.class, client::openSnapshot);
    assertEquals(code, e.code());
    assertTrue(e.getMessage().contains("server: no image"), e.getMessage());
  }

  @Test
  void anImageThatEndsEarlyIsNoSnapshot() throws IOException {
    FakeImage image = new FakeImage(100 * 512, 8);
    ImageSource source = holder -> new ShortImage(image, 200 * 512);
    try (Loopback server =
            Loopback.serving(Loopback.streaming(new SnapshotStreams(source, CONFIG)));
        MaintenanceClient client = server.client()) {
      StorageException e =
          assertThrows(StorageException.class, () -> client.copyTo(new WritableNowhere()));
      assertEquals(Code.CORRUPT, e.code());
    }
  }

  /** One message takes several times the stall time, and bytes never stop. */
  @Test
  void aThinLineIsNoStall() throws Exception {
    int chunkBytes = 1 << 20;
    SnapshotStreams streams =
        new SnapshotStreams(
            holder -> new FakeImage(chunkBytes, 9), CONFIG.withChunkBytes(chunkBytes));
    try (Loopback server = Loopback.serving(Loopback.streaming(streams));
        ThinLine line = new ThinLine(server.port(), chunkBytes / 250, 20);
        MaintenanceClient client =
            MaintenanceClient.connect(
                "127.0.0.1:" + line.port(), Loopback.PATIENT.withStallMillis(2_000))) {
      assertEquals(chunkBytes, client.copyTo(new WritableNowhere()).imageBytes());
    }
  }

  private static boolean awaitQuietly(CountDownLatch latch) {
    try {
      return latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
