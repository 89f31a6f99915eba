package dev.cairn.testkit;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Bytes to be installed, given at most so many at once. */
final class ImageChannel implements ReadableByteChannel {
  private final ByteBuffer bytes;
  private final int atOnceMax;
  private boolean open = true;

  ImageChannel(byte[] bytes) {
    this(bytes, Integer.MAX_VALUE);
  }

  ImageChannel(byte[] bytes, int atOnceMax) {
    this.bytes = ByteBuffer.wrap(bytes);
    this.atOnceMax = atOnceMax;
  }

  int remaining() {
    return bytes.remaining();
  }

  @Override
  public int read(ByteBuffer into) {
    if (!bytes.hasRemaining()) {
      return -1;
    }
    int count = Math.min(Math.min(atOnceMax, into.remaining()), bytes.remaining());
    into.put(bytes.slice().limit(count));
    bytes.position(bytes.position() + count);
    return count;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
