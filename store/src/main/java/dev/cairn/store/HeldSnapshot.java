package dev.cairn.store;

import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/** A native image that keeps its generation open until it is closed. */
final class HeldSnapshot implements Snapshot {
  private final Generation generation;
  private final Snapshot image;
  private final AtomicBoolean closed = new AtomicBoolean();

  private HeldSnapshot(Generation generation, Snapshot image) {
    this.generation = generation;
    this.image = image;
  }

  static HeldSnapshot open(Generation generation) {
    generation.hold();
    try {
      return new HeldSnapshot(generation, generation.backend().snapshot());
    } catch (RuntimeException | Error e) {
      generation.release();
      throw e;
    }
  }

  @Override
  public long size() {
    return image.size();
  }

  @Override
  public void writeTo(WritableByteChannel out) throws IOException {
    image.writeTo(out);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        image.close();
      } finally {
        generation.release();
      }
    }
  }
}
