package dev.cairn.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Stdout as a channel; fails once its reader has gone. */
final class OutChannel implements WritableByteChannel {
  private static final int COPY_BYTES = 1 << 16;

  private final PrintStream out;
  private final byte[] copy = new byte[COPY_BYTES];

  OutChannel(PrintStream out) {
    this.out = out;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int count = from.remaining();
    while (from.hasRemaining()) {
      int part = Math.min(copy.length, from.remaining());
      from.get(copy, 0, part);
      out.write(copy, 0, part);
    }
    if (out.checkError()) {
      throw new IOException("stdout cannot be written to: its reader has gone or its disk is full");
    }
    return count;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
