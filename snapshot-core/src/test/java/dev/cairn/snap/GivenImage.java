package dev.cairn.snap;

import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** An image of given bytes, written in pieces, that may be shorter or longer than it says. */
record GivenImage(byte[] bytes, long size) implements Snapshot {
  private static final int PIECE_BYTES = 60_000;

  @Override
  public void writeTo(WritableByteChannel out) throws IOException {
    for (int at = 0; at < bytes.length; at += PIECE_BYTES) {
      out.write(ByteBuffer.wrap(bytes, at, Math.min(PIECE_BYTES, bytes.length - at)));
    }
  }

  @Override
  public void close() {}
}
