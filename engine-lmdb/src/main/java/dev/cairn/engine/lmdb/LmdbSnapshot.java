package dev.cairn.engine.lmdb;

import dev.cairn.engine.support.Pin;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** A pinned version that is streamed out of the data file, page by page. */
final class LmdbSnapshot implements Snapshot {
  /** With fewer live pages than this share of the file, the image leaves the free ones out. */
  private static final double COMPACT_BELOW = 0.6;

  private final Pin pin;
  private final Image image;
  private final AtomicBoolean ran = new AtomicBoolean();

  private LmdbSnapshot(Pin pin, Image image) {
    this.pin = pin;
    this.image = image;
  }

  /**
   * A snapshot of a pinned version.
   *
   * @param pin the new snapshot's to close, also when this throws
   * @param file where its pages are
   */
  static LmdbSnapshot of(Pin pin, Meta meta, DiskFile file) {
    try {
      return new LmdbSnapshot(pin, image(meta, file));
    } catch (RuntimeException | Error e) {
      pin.close();
      throw e;
    }
  }

  private static Image image(Meta meta, DiskFile file) {
    Version version = new Version(new FilePages(file, file.sizeBytes()), meta);
    long pages = LivePages.compact(version);
    boolean mostlyFree = pages < COMPACT_BELOW * (meta.lastPage() + 1);
    return mostlyFree ? new CompactImage(version, pages) : new RawImage(meta, file);
  }

  @Override
  public long size() {
    return image.sizeBytes();
  }

  @Override
  public void writeTo(WritableByteChannel out) throws IOException {
    Objects.requireNonNull(out, "out");
    pin.check();
    if (!ran.compareAndSet(false, true)) {
      throw new IllegalStateException("this snapshot was written before");
    }
    try (ImageOutput chunks = new ImageOutput(pin, out)) {
      image.writeTo(chunks);
      chunks.flush();
    }
  }

  @Override
  public void close() {
    pin.close();
  }
}
