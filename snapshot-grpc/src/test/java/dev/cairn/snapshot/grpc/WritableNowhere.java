package dev.cairn.snapshot.grpc;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Counts bytes and drops them. */
final class WritableNowhere implements WritableByteChannel {
  long bytes;

  @Override
  public int write(ByteBuffer from) {
    int count = from.remaining();
    bytes += count;
    from.position(from.limit());
    return count;
  }

  OutputStream asStream() {
    return java.nio.channels.Channels.newOutputStream(this);
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
