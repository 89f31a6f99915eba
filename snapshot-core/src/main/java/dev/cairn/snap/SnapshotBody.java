package dev.cairn.snap;

import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A snapshot on its way from a leader to a follower: the body of etcd's {@code POST
 * /raft/snapshot}, over any blocking channel. {@link #write} sends it; {@link #read} takes its
 * head, and {@link #save} or {@link #saveToEnd} the image behind it.
 *
 * <pre>
 * body = length message image       length: of the message, 8 bytes, big-endian
 *                                   message: {@link SnapshotMessage}
 *                                   image: of any engine; etcd's own is a bbolt file. No hash behind
 *                                   it: whoever applies it has to look at what it holds
 * </pre>
 *
 * <p>One thread at a time. Channels stay open, and what they throw is passed on unchanged.
 */
public final class SnapshotBody {
  /** etcd takes up to 1 GiB; that of an etcd 3 is some kilobytes. */
  private static final int MESSAGE_BYTES_MAX = 64 << 20;

  /** What a length alone may cost before the bytes are there. */
  private static final int FIRST_PIECE_BYTES = 1 << 16;

  private final ReadableByteChannel in;
  private final SnapshotMessage message;
  private final long headBytes;
  private boolean taken;

  private SnapshotBody(ReadableByteChannel in, SnapshotMessage message, long headBytes) {
    this.in = in;
    this.message = message;
    this.headBytes = headBytes;
  }

  /**
   * How long a body will be, for a header that has to say it.
   *
   * @param message what goes ahead
   * @param image what follows
   * @return bytes that {@link #write} will write
   */
  public static long sizeBytes(SnapshotMessage message, Snapshot image) {
    return Long.BYTES + message.encode().length + image.size();
  }

  /**
   * Sends a snapshot.
   *
   * @param message what goes ahead; its index is the one that the image was taken at
   * @param image written out by this call, closed by the caller
   * @param out gets the whole body
   * @throws IOException what {@code out} threw
   * @throws StorageException {@code limit} for a message of more than 64 MiB, before anything is
   *     written; {@code corrupt} when the image is not as long as it announced, else as {@link
   *     Snapshot#writeTo}: the receiver then has to be shown a broken stream
   */
  public static void write(SnapshotMessage message, Snapshot image, WritableByteChannel out)
      throws IOException {
    byte[] encoded = message.encode();
    checkLength(encoded.length);
    ByteBuffer head = ByteBuffer.allocate(Long.BYTES + encoded.length);
    Channels.writeFully(out, head.putLong(encoded.length).put(encoded).flip());
    ExactChannel exact = new ExactChannel(out, image.size());
    image.writeTo(exact);
    exact.checkWhole();
  }

  /**
   * Reads a body up to its image.
   *
   * @param in at its beginning; afterwards at the image's
   * @return the body, of which the image is still to come
   * @throws IOException what {@code in} threw
   * @throws StorageException {@code unavailable} when it ends before; {@code limit} for a message
   *     of more than 64 MiB, which is not read; {@code corrupt}
   */
  public static SnapshotBody read(ReadableByteChannel in) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES);
    readFully(in, length, length.capacity());
    long messageBytes = length.flip().getLong();
    checkLength(messageBytes);
    SnapshotMessage message = SnapshotMessage.decode(readMessage(in, (int) messageBytes));
    return new SnapshotBody(in, message, Long.BYTES + messageBytes);
  }

  private static void checkLength(long messageBytes) {
    if (Long.compareUnsigned(messageBytes, MESSAGE_BYTES_MAX) > 0) {
      throw StorageException.of(
          Code.LIMIT,
          "the message ahead of a snapshot has %s bytes; at most %d are read"
              .formatted(Long.toUnsignedString(messageBytes), MESSAGE_BYTES_MAX));
    }
  }

  /** In pieces that double: memory is spent on bytes that came, not on those that were promised. */
  private static byte[] readMessage(ReadableByteChannel in, int messageBytes) throws IOException {
    byte[] message = new byte[Math.min(FIRST_PIECE_BYTES, messageBytes)];
    int read = 0;
    while (true) {
      readFully(in, ByteBuffer.wrap(message, read, message.length - read), messageBytes);
      if (message.length == messageBytes) {
        return message;
      }
      read = message.length;
      message = Arrays.copyOf(message, Math.min(2 * read, messageBytes));
    }
  }

  private static void readFully(ReadableByteChannel in, ByteBuffer into, int wantedBytes)
      throws IOException {
    if (!Channels.fill(in, into)) {
      throw StorageException.of(
          Code.UNAVAILABLE,
          "the body of a snapshot ended after %d of the first %d bytes; have it sent again"
              .formatted(into.position(), wantedBytes));
    }
  }

  /**
   * What came ahead of the image.
   *
   * @return the message
   */
  public SnapshotMessage message() {
    return message;
  }

  /**
   * Saves the image of a body whose length is known.
   *
   * @param into gets it as the {@code .snap.db} of the snapshot's index
   * @param bodyBytes the length of the whole body, with its head
   * @return the file, as {@link Snapshotter#receive}
   * @throws IOException what the channel threw
   * @throws StorageException as {@link Snapshotter#receive}
   * @throws IllegalStateException when the image was taken before
   */
  public Path save(Snapshotter into, long bodyBytes) throws IOException {
    take();
    return into.receive(in, bodyBytes - headBytes, message.snapshot().index());
  }

  /**
   * Saves the image of a body that says its end by itself, as one in chunks does: that is how etcd
   * sends it. The channel must throw when the body is broken off, and not just end.
   *
   * @param into gets it as the {@code .snap.db} of the snapshot's index
   * @return the file, as {@link Snapshotter#receiveToEnd}
   * @throws IOException what the channel threw
   * @throws StorageException as {@link Snapshotter#receiveToEnd}
   * @throws IllegalStateException when the image was taken before
   */
  public Path saveToEnd(Snapshotter into) throws IOException {
    take();
    return into.receiveToEnd(in, message.snapshot().index());
  }

  private void take() {
    if (taken) {
      throw new IllegalStateException("the image of this body was taken before");
    }
    taken = true;
  }
}
