package dev.cairn.snap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Gives so many zeros, a few at a time, and then fails. */
final class FailingChannel implements ReadableByteChannel {
  private static final int PIECE_BYTES = 700;

  private final IOException failure;
  private int left;

  FailingChannel(int bytes, IOException failure) {
    this.left = bytes;
    this.failure = failure;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (left == 0) {
      throw failure;
    }
    int count = Math.min(Math.min(left, PIECE_BYTES), into.remaining());
    into.put(new byte[count]);
    left -= count;
    return count;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
