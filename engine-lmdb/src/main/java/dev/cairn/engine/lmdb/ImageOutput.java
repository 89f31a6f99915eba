package dev.cairn.engine.lmdb;

import dev.cairn.engine.support.Pin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Collects an image in chunks. The pin is entered while a chunk is filled and left while the
 * channel takes it, which may be slow; so a close is noticed within one chunk.
 */
final class ImageOutput implements AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 18;

  private final Pin pin;
  private final WritableByteChannel out;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
  private boolean inside;

  /** Enters the pin. */
  ImageOutput(Pin pin, WritableByteChannel out) {
    this.pin = pin;
    this.out = out;
    enter();
  }

  private void enter() {
    pin.enter();
    inside = true;
  }

  private void exit() {
    inside = false;
    pin.exit();
  }

  /**
   * Where the next bytes are put.
   *
   * @param sizeBytes at most a page
   * @return a buffer with room for that many at least
   */
  ByteBuffer room(int sizeBytes) throws IOException {
    if (chunk.remaining() < sizeBytes) {
      flush();
      enter();
    }
    return chunk;
  }

  /** Hands over what is left; nothing can be put afterwards. */
  void flush() throws IOException {
    exit();
    chunk.flip();
    while (chunk.hasRemaining()) {
      out.write(chunk);
    }
    chunk.clear();
  }

  @Override
  public void close() {
    if (inside) {
      exit();
    }
  }
}
