package dev.cairn.benchmarks.engines;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Takes everything and keeps nothing. */
final class NullChannel implements WritableByteChannel {
  @Override
  public int write(ByteBuffer from) {
    int count = from.remaining();
    from.position(from.limit());
    return count;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
