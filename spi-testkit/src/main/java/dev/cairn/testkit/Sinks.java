package dev.cairn.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Channels that images are written to. */
final class Sinks {
  private Sinks() {}

  /** What a sink does with a chunk. */
  interface Chunk {
    void take(ByteBuffer bytes) throws IOException;
  }

  /** A channel that hands every chunk on; the chunk is used up whatever is done with it. */
  static WritableByteChannel of(Chunk chunk) {
    return new Channel() {
      @Override
      public int write(ByteBuffer from) throws IOException {
        int count = from.remaining();
        chunk.take(from.slice().asReadOnlyBuffer());
        from.position(from.limit());
        return count;
      }
    };
  }

  private abstract static class Channel implements WritableByteChannel {
    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      throw new AssertionError("whoever writes an image leaves the channel open");
    }
  }

  /** Keeps everything. */
  static final class Memory extends Channel {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public int write(ByteBuffer from) {
      byte[] chunk = Model.copy(from);
      bytes.writeBytes(chunk);
      return chunk.length;
    }

    byte[] toByteArray() {
      return bytes.toByteArray();
    }
  }
}
