package com.example.cairn.shelf;

import dev.cairn.engine.support.Pin;
import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** A version as an image: its sections, copied one after the other. */
final class ShelfSnapshot implements Snapshot {
  private final Pin pin;
  private final Version version;
  private final AtomicBoolean written = new AtomicBoolean();

  ShelfSnapshot(Pin pin, Version version) {
    this.pin = pin;
    this.version = version;
  }

  @Override
  public long size() {
    pin.check();
    return version.imageBytes();
  }

  @Override
  public void writeTo(WritableByteChannel out) throws IOException {
    Objects.requireNonNull(out, "out");
    pin.check();
    if (written.getAndSet(true)) {
      throw new IllegalStateException("an image is written once; take another snapshot");
    }
    try (PinnedSink sink = new PinnedSink(out)) {
      version.writeWhole(new ShelfWriter(sink, Head.ofImage()));
    }
  }

  @Override
  public void close() {
    pin.close();
  }

  /**
   * Is inside the pin but while the sink has the word: a sink may block for as long as it likes,
   * and what the pin keeps must be freed meanwhile when the pin is revoked.
   */
  private final class PinnedSink implements WritableByteChannel {
    private final WritableByteChannel out;
    private boolean inside;

    PinnedSink(WritableByteChannel out) {
      this.out = out;
      enter();
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      leave();
      int count = out.write(from);
      enter();
      return count;
    }

    private void enter() {
      pin.enter();
      inside = true;
    }

    private void leave() {
      inside = false;
      pin.exit();
    }

    @Override
    public boolean isOpen() {
      return out.isOpen();
    }

    /** The sink stays open. */
    @Override
    public void close() {
      if (inside) {
        leave();
      }
    }
  }
}
