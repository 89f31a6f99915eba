package dev.cairn.engine.h2;

import dev.cairn.engine.support.Pin;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A pinned version that is streamed out of the file: both headers name it, and behind them comes
 * the file as it is. Nothing that the version needs is overwritten while it is pinned.
 */
final class H2Snapshot implements Snapshot {
  private static final int CHUNK_BYTES = 1 << 18;

  private final Pin pin;
  private final DiskFile file;
  private final Version version;
  private final AtomicBoolean ran = new AtomicBoolean();

  /**
   * @param pin holds the version; this snapshot's to close
   */
  H2Snapshot(Pin pin, DiskFile file, Version version) {
    this.pin = pin;
    this.file = file;
    this.version = version;
  }

  @Override
  public long size() {
    return version.imageBytes();
  }

  @Override
  public void writeTo(WritableByteChannel out) throws IOException {
    Objects.requireNonNull(out, "out");
    pin.check();
    if (!ran.compareAndSet(false, true)) {
      throw new IllegalStateException("this snapshot was written before");
    }
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    byte[] header = version.header().encode();
    chunk.put(header).put(header);
    hand(chunk.flip(), out);
    for (long at = FileHeader.BYTES; at < size(); at += chunk.limit()) {
      chunk.clear().limit((int) Math.min(CHUNK_BYTES, size() - at));
      fill(chunk, at);
      hand(chunk.flip(), out);
    }
    pin.check();
  }

  /** Inside the pin, unlike the channel, which may be slow; so a close is seen within a chunk. */
  private void fill(ByteBuffer chunk, long at) {
    pin.enter();
    try {
      file.read(at, chunk);
      // The file may have been cut behind all that the version needs.
      Arrays.fill(chunk.array(), chunk.position(), chunk.limit(), (byte) 0);
      chunk.position(chunk.limit());
    } finally {
      pin.exit();
    }
  }

  private void hand(ByteBuffer chunk, WritableByteChannel out) throws IOException {
    pin.check();
    while (chunk.hasRemaining()) {
      out.write(chunk);
    }
  }

  @Override
  public void close() {
    pin.close();
  }
}
