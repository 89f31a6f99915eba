package dev.cairn.snap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Whole buffers over blocking channels. */
final class Channels {
  private Channels() {}

  /** Reads until nothing remains; false when the channel ends before that. */
  static boolean fill(ReadableByteChannel in, ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (in.read(into) < 0) {
        return false;
      }
    }
    return true;
  }

  static void writeFully(WritableByteChannel out, ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      out.write(from);
    }
  }
}
