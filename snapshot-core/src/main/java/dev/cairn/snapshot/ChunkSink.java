package dev.cairn.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the chunks of a snapshot one after the other, on the sender's thread. */
public interface ChunkSink {
  /**
   * Takes one chunk; may block.
   *
   * @param chunk at least 1 byte from its position to its limit; dead when this returns, so copy to
   *     keep
   * @param remainingBytes how many bytes of the image come after this chunk: 0 with the last chunk
   *     of the image, and 0 again with the 32-byte hash that follows it
   * @throws IOException when the chunk cannot be taken; the sender stops and throws the same
   */
  void accept(ByteBuffer chunk, long remainingBytes) throws IOException;
}
