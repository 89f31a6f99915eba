package dev.cairn.testkit;

import dev.cairn.engine.support.Pin;
import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/** A version as an image. */
final class HeapSnapshot implements Snapshot {
  private final Pin pin;
  private final HeapVersion version;
  private final AtomicBoolean written = new AtomicBoolean();

  HeapSnapshot(Pin pin, HeapVersion version) {
    this.pin = pin;
    this.version = version;
  }

  @Override
  public long size() {
    pin.check();
    return HeapImage.sizeBytes(version);
  }

  @Override
  public void writeTo(WritableByteChannel out) throws IOException {
    pin.check();
    if (written.getAndSet(true)) {
      throw new IllegalStateException("an image is written once; take another snapshot");
    }
    HeapImage.write(version, new PinnedChannel(out));
  }

  @Override
  public void close() {
    pin.close();
  }

  /** Looks before each chunk whether the pin still holds. */
  private final class PinnedChannel implements WritableByteChannel {
    private final WritableByteChannel out;

    PinnedChannel(WritableByteChannel out) {
      this.out = out;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      pin.check();
      int count = out.write(from);
      pin.check();
      return count;
    }

    @Override
    public boolean isOpen() {
      return out.isOpen();
    }

    @Override
    public void close() {}
  }
}
