package dev.cairn.engine.mapdb;

import dev.cairn.engine.support.Pin;
import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** A pinned version that is streamed as an image, page by page. */
final class MapDbSnapshot implements Snapshot {
  private static final int CHUNK_BYTES = 1 << 18;

  private final Pin pin;
  private final Pages pages;
  private final AtomicBoolean ran = new AtomicBoolean();

  /**
   * A snapshot.
   *
   * @param pin holds the pages; this snapshot's to close
   */
  MapDbSnapshot(Pin pin, Pages pages) {
    this.pin = pin;
    this.pages = pages;
  }

  @Override
  public long size() {
    return ImageFormat.sizeBytes(pages.count());
  }

  @Override
  public void writeTo(WritableByteChannel out) throws IOException {
    Objects.requireNonNull(out, "out");
    pin.check();
    if (!ran.compareAndSet(false, true)) {
      throw new IllegalStateException("this snapshot was written before");
    }
    new Stream(out).run();
  }

  @Override
  public void close() {
    pin.close();
  }

  /** One run; the pin is held while pages are read, and not while the sink takes them. */
  private final class Stream {
    private final WritableByteChannel out;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    private final ByteBuffer sums =
        ByteBuffer.allocate(Math.toIntExact(pages.count() * ImageFormat.SUM_BYTES));

    Stream(WritableByteChannel out) {
      this.out = out;
    }

    void run() throws IOException {
      long page = 0;
      while (page < pages.count()) {
        page = fill(page);
        flush();
      }
      int sumOfSums = ImageFormat.sum(sums.array());
      put(sums.array());
      put(ImageFormat.footer(pages.count(), sumOfSums));
      flush();
    }

    private long fill(long first) {
      long page = first;
      pin.enter();
      try {
        for (; page < pages.count() && chunk.hasRemaining(); page++) {
          byte[] bytes = pages.read(page);
          chunk.put(bytes);
          sums.putInt(ImageFormat.sum(bytes));
        }
      } finally {
        pin.exit();
      }
      return page;
    }

    private void put(byte[] bytes) throws IOException {
      for (int done = 0; done < bytes.length; ) {
        int part = Math.min(chunk.remaining(), bytes.length - done);
        chunk.put(bytes, done, part);
        done += part;
        if (!chunk.hasRemaining()) {
          flush();
        }
      }
    }

    private void flush() throws IOException {
      pin.check();
      if (chunk.position() > 0) {
        out.write(chunk.flip());
        chunk.clear();
      }
      pin.check();
    }
  }
}
