package dev.cairn.snapshot.grpc;

import dev.cairn.snapshot.Received;
import dev.cairn.snapshot.SnapshotReceiver;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.HexFormat;

/**
 * A snapshot to be read: what is read is checked on the way, and the end is only told when the hash
 * was right. One thread at a time.
 */
final class VerifiedChannel implements ReadableByteChannel {
  private final SnapshotCall call;
  private final SnapshotReceiver receiver = new SnapshotReceiver(new Pending());
  private ByteBuffer pending = ByteBuffer.allocate(0);
  private boolean complete;
  private RuntimeException failure;
  private volatile boolean open = true;

  VerifiedChannel(SnapshotCall call) {
    this.call = call;
  }

  @Override
  public int read(ByteBuffer into) throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
    while (!pending.hasRemaining() && !complete) {
      fillGuarded();
    }
    if (!pending.hasRemaining()) {
      return into.hasRemaining() ? -1 : 0;
    }
    int count = Math.min(into.remaining(), pending.remaining());
    into.put(pending.slice(pending.position(), count));
    pending.position(pending.position() + count);
    return count;
  }

  private void fillGuarded() {
    if (failure != null) {
      throw failure;
    }
    try {
      fill();
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    }
  }

  private void fill() {
    SnapshotFrame frame = call.next();
    pending.clear().limit(0);
    if (frame == null) {
      Received received = receiver.finish();
      pending = ByteBuffer.wrap(HexFormat.of().parseHex(received.sha256Hex()));
      complete = true;
    } else {
      receiver.accept(frame.blob(), frame.remainingBytes());
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
    receiver.close();
    call.close();
  }

  /** Takes what the receiver passes on, until it is read. */
  private final class Pending implements WritableByteChannel {
    @Override
    public int write(ByteBuffer from) {
      int count = from.remaining();
      int end = pending.limit() + count;
      if (end > pending.capacity()) {
        pending = ByteBuffer.allocate(end).put(pending).flip();
      }
      pending.limit(end).slice(end - count, count).put(from);
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
