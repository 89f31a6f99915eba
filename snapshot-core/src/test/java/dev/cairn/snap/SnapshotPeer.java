package dev.cairn.snap;

import dev.cairn.io.LocalDisk;
import dev.cairn.spi.StorageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * One of two processes that pass a snapshot on over a socket: {@code receive PORT DIRECTORY
 * BODY_BYTES} or {@code send PORT INDEX IMAGE_BYTES}. Says how it went in one line.
 */
final class SnapshotPeer implements AutoCloseable {
  private static final int WAIT_SECONDS = 300;

  private final Process process;

  private SnapshotPeer(Process process) {
    this.process = process;
  }

  static SnapshotPeer start(String... arguments) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String[] start = {
      java.toString(),
      "-Xmx64m",
      "-XX:TieredStopAtLevel=1",
      "-XX:+UseSerialGC",
      "-cp",
      System.getProperty("java.class.path"),
      SnapshotPeer.class.getName()
    };
    String[] command = new String[start.length + arguments.length];
    System.arraycopy(start, 0, command, 0, start.length);
    System.arraycopy(arguments, 0, command, start.length, arguments.length);
    return new SnapshotPeer(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** SIGKILL; waits until it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("a killed process does not end");
    }
  }

  /** What it says, once it ends. */
  String say() throws IOException, InterruptedException {
    String said = new String(process.getInputStream().readAllBytes()).strip();
    if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("a process does not end");
    }
    return said;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  static SnapshotMessage message(long index) {
    return new SnapshotMessage(2, 1, 3, Snapshots.of(index, 2));
  }

  static GivenImage image(long index, int bytes) {
    byte[] image = new byte[bytes];
    new SplittableRandom(index).nextBytes(image);
    return new GivenImage(image, bytes);
  }

  public static void main(String[] arguments) throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]));
    try (SocketChannel channel = SocketChannel.open(address)) {
      if (arguments[0].equals("receive")) {
        receive(channel, Path.of(arguments[2]), Long.parseLong(arguments[3]));
      } else {
        long index = Long.parseLong(arguments[2]);
        SnapshotBody.write(message(index), image(index, Integer.parseInt(arguments[3])), channel);
        System.out.println("sent");
      }
    } catch (StorageException e) {
      System.out.println(e.code());
    }
  }

  private static void receive(SocketChannel channel, Path directory, long bodyBytes)
      throws IOException {
    Snapshotter snapshotter = Snapshotter.open(LocalDisk.INSTANCE, directory);
    SnapshotBody body = SnapshotBody.read(channel);
    Path file = body.save(snapshotter, bodyBytes);
    System.out.println("received " + file.getFileName());
    channel.write(ByteBuffer.wrap(new byte[] {1}));
  }

  /** Does something once, when so many bytes have gone through. */
  static final class Tripwire implements ReadableByteChannel, WritableByteChannel {
    /** What is done. */
    interface Action {
      void run() throws IOException;
    }

    private final SocketChannel channel;
    private final Action action;
    private long leftBytes;
    private boolean tripped;

    Tripwire(SocketChannel channel, long afterBytes, Action action) {
      this.channel = channel;
      this.leftBytes = afterBytes;
      this.action = action;
    }

    private void count(int bytes) throws IOException {
      leftBytes -= bytes;
      if (leftBytes <= 0 && !tripped) {
        tripped = true;
        action.run();
      }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      int count = channel.read(into);
      count(Math.max(0, count));
      return count;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      int count = channel.write(from);
      count(count);
      return count;
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
