package dev.cairn.engine.bbolt;

import dev.cairn.bbolt.BoltMeta;
import dev.cairn.engine.support.Pin;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A pinned version that is streamed as bbolt's hot copy: its metas, then every page of the file up
 * to its high water as it is. Pages that the version does not use may change meanwhile.
 */
final class BboltSnapshot implements Snapshot {
  private static final int CHUNK_BYTES = 1 << 18;

  private final Pin pin;
  private final BoltMeta meta;
  private final DiskFile file;
  private final AtomicBoolean ran = new AtomicBoolean();

  BboltSnapshot(Pin pin, BoltMeta meta, DiskFile file) {
    this.pin = pin;
    this.meta = meta;
    this.file = file;
  }

  @Override
  public long size() {
    return meta.highWaterPages() * meta.pageSizeBytes();
  }

  @Override
  public void writeTo(WritableByteChannel out) throws IOException {
    Objects.requireNonNull(out, "out");
    pin.check();
    if (!ran.compareAndSet(false, true)) {
      throw new IllegalStateException("this snapshot was written before");
    }
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, size()));
    for (int which = 0; which < 2; which++) {
      chunk.put(MetaTail.page(HotCopy.meta(meta, which), which, null));
    }
    for (long at = chunk.position(); at < size(); at += chunk.position()) {
      hand(chunk, out);
      read(at, chunk.clear().limit((int) Math.min(CHUNK_BYTES, size() - at)));
    }
    hand(chunk, out);
  }

  /** The pin is held while bytes are read, and not while the channel takes them. */
  private void read(long at, ByteBuffer chunk) {
    pin.enter();
    try {
      file.readFully(at, chunk);
    } finally {
      pin.exit();
    }
  }

  private void hand(ByteBuffer chunk, WritableByteChannel out) throws IOException {
    pin.check();
    ByteBuffer shown = chunk.duplicate().flip();
    while (shown.hasRemaining()) {
      out.write(shown);
    }
    pin.check();
  }

  @Override
  public void close() {
    pin.close();
  }
}
