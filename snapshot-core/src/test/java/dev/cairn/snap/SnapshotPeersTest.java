package dev.cairn.snap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.snap.SnapshotPeer.Tripwire;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot between two processes, either of which may be killed at any moment. */
class SnapshotPeersTest {
  private static final long SEED = TestRun.seed(SnapshotPeersTest.class);
  private static final int IMAGE_BYTES = 16 << 20;
  private static final long INDEX = 77;
  private static final int WAIT_MILLIS = 300_000;

  @TempDir Path directory;
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final GivenImage image = SnapshotPeer.image(INDEX, IMAGE_BYTES);
  private final SnapshotMessage message = SnapshotPeer.message(INDEX);
  private final long bodyBytes = SnapshotBody.sizeBytes(message, image);
  private ServerSocketChannel server;

  @BeforeEach
  void listen() throws IOException {
    server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private String port() throws IOException {
    return Integer.toString(((InetSocketAddress) server.getLocalAddress()).getPort());
  }

  /** Fails, and does not wait for ever, when the other process never comes. */
  private SocketChannel accept() throws IOException {
    server.socket().setSoTimeout(WAIT_MILLIS);
    return server.socket().accept().getChannel();
  }

  private SnapshotPeer receiver() throws IOException {
    return SnapshotPeer.start("receive", port(), directory.toString(), Long.toString(bodyBytes));
  }

  private SnapshotPeer sender() throws IOException {
    return SnapshotPeer.start("send", port(), Long.toString(INDEX), Integer.toString(IMAGE_BYTES));
  }

  private void assertImage(Path file) throws IOException {
    assertEquals("000000000000004d.snap.db", file.getFileName().toString());
    assertArrayEquals(image.bytes(), Files.readAllBytes(file));
  }

  @Test
  void aSnapshotIsPassedOn() throws Exception {
    try (SnapshotPeer receiver = receiver();
        SocketChannel channel = accept()) {
      SnapshotBody.write(message, image, channel);
      assertEquals(1, channel.read(ByteBuffer.allocate(1)), "durable before it is answered");
      assertEquals("received 000000000000004d.snap.db", receiver.say());
    }
    assertImage(Snapshotter.open(LocalDisk.INSTANCE, directory).database(INDEX));
  }

  @Test
  void aSnapshotIsTakenFromAnotherProcess() throws Exception {
    Snapshotter snapshotter = Snapshotter.open(LocalDisk.INSTANCE, directory);
    try (SnapshotPeer sender = sender();
        SocketChannel channel = accept()) {
      assertImage(SnapshotBody.read(channel).saveToEnd(snapshotter));
      assertEquals("sent", sender.say());
    }
  }

  @Test
  void aReceiverThatIsKilledLeavesNoHalfFile() throws Exception {
    int kills = TestRun.count(12, 200);
    int whole = 0;
    for (int i = 0; i < kills; i++) {
      killReceiver(random.nextLong(bodyBytes + bodyBytes / 4));
      Snapshotter snapshotter = Snapshotter.open(LocalDisk.INSTANCE, directory);
      List<Path> left = LocalDisk.INSTANCE.list(directory);
      assertTrue(left.size() <= 1, left::toString);
      for (Path file : left) {
        assertImage(file);
        snapshotter.release(INDEX + 1);
        whole++;
      }
    }
    assertEquals(List.of(), LocalDisk.INSTANCE.list(directory));
    assertTrue(whole < kills, "every kill came too late");
    TestRun.report("receivers of a snapshot killed", kills);
  }

  /** Past the body's end: the moments in which the file is synced and gets its name. */
  private void killReceiver(long afterBytes) throws Exception {
    try (SnapshotPeer receiver = receiver();
        SocketChannel channel = accept()) {
      try {
        SnapshotBody.write(message, image, new Tripwire(channel, afterBytes, () -> kill(receiver)));
        for (long spin = random.nextLong(1 << 20); spin > 0; spin--) {
          Thread.onSpinWait();
        }
      } catch (IOException broken) {
        assertTrue(channel.isOpen(), "only the other side ends");
      }
      receiver.kill();
    }
  }

  private static void kill(SnapshotPeer peer) throws IOException {
    try {
      peer.kill();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aSenderThatIsKilledLeavesNothing() throws Exception {
    int kills = TestRun.count(12, 200);
    Snapshotter snapshotter = Snapshotter.open(LocalDisk.INSTANCE, directory);
    int cut = 0;
    for (int i = 0; i < kills; i++) {
      try (SnapshotPeer sender = sender();
          SocketChannel channel = accept()) {
        long afterBytes = random.nextLong(bodyBytes / 2);
        Tripwire in = new Tripwire(channel, afterBytes, () -> kill(sender));
        cut += takeFrom(in, snapshotter) ? 0 : 1;
      }
      assertEquals(List.of(), LocalDisk.INSTANCE.list(directory));
    }
    assertTrue(cut > 0, "every kill came too late");
    TestRun.report("senders of a snapshot killed", kills);
  }

  /** Whether it came wholly, in spite of all. */
  private boolean takeFrom(Tripwire in, Snapshotter snapshotter) throws IOException {
    try {
      assertImage(SnapshotBody.read(in).save(snapshotter, bodyBytes));
      snapshotter.release(INDEX + 1);
      return true;
    } catch (StorageException e) {
      assertEquals(Code.UNAVAILABLE, e.code());
    } catch (IOException reset) {
      assertTrue(in.isOpen());
    }
    StorageException none = assertThrows(StorageException.class, () -> snapshotter.database(INDEX));
    assertEquals(Code.NOT_FOUND, none.code());
    return false;
  }
}
