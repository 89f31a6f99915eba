package dev.cairn.snapshot;

import dev.cairn.bbolt.BoltFile;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.UncachedFile;
import dev.cairn.spi.Limits;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/**
 * Makes an etcd image: of a snapshot that is one already byte by byte, else a new one, also of a
 * bbolt store, whose pages tell of its past.
 */
final class EtcdStoreBuilder implements StoreBuilder {
  private static final int COPY_BYTES = 1 << 20;
  private static final int KEY_BYTES_MAX = 32_768;

  /** What bbolt's format holds and a view can tell; no store of ours is that large. */
  private static final Limits LIMITS =
      new Limits(255, KEY_BYTES_MAX, Integer.MAX_VALUE - 1, Integer.MAX_VALUE, Long.MAX_VALUE);

  @Override
  public Limits limits() {
    return LIMITS;
  }

  @Override
  public void build(Source source, Path file) {
    try (UncachedFile out = UncachedFile.createNew(source.disk(), file)) {
      boolean etcdSnapshot =
          source.format().name().equals(EtcdFormat.NAME) && source.file().hasHash();
      if (etcdSnapshot && source.isTakenAsItIs()) {
        copy(source, out);
      } else {
        pour(source, out);
      }
      out.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Source source, WritableByteChannel out) throws IOException {
    long totalBytes = source.format().imageSizeBytes();
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_BYTES, totalBytes));
    long doneBytes = 0;
    try (DiskFile from = source.disk().open(source.file().path(), Disk.Mode.READ)) {
      ImageChannel image = new ImageChannel(from, totalBytes);
      while (image.read(buffer.clear()) >= 0) {
        doneBytes += out.write(buffer.flip());
        source.progress().update(doneBytes, totalBytes);
      }
    }
  }

  private static void pour(Source source, WritableByteChannel out) throws IOException {
    try (Snapshot image = EtcdImages.of(source.openView())) {
      image.writeTo(out);
    }
  }

  /** What the disk holds, not what the system remembers of it. */
  @Override
  public ReadView openView(Disk disk, Path file) {
    return BoltFile.openView(disk.openUncached(file), disk.sizeBytes(file));
  }
}
