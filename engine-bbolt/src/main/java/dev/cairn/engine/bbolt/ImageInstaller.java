package dev.cairn.engine.bbolt;

import dev.cairn.bbolt.BoltMeta;
import dev.cairn.engine.support.Identity;
import dev.cairn.io.AtomicFile;
import dev.cairn.io.Disk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.Optional;

/** Turns an image into the file of a new store, which has no name before all of it is good. */
final class ImageInstaller {
  private static final int CHUNK_BYTES = 1 << 18;
  private static final long CACHE_BYTES = 4 << 20;

  private final Disk disk;
  private final AtomicFile target;
  private final Path path;

  /**
   * @param target the caller's to commit and to close
   */
  ImageInstaller(Disk disk, AtomicFile target) {
    this.disk = disk;
    this.target = target;
    path = target.file().path();
  }

  void install(ReadableByteChannel image, long sizeBytes) {
    copy(image, sizeBytes);
    // No image carries an identity, so all of it is gone through here.
    BboltOptions options = new BboltOptions(CACHE_BYTES, 0, Optional.empty());
    OpenedStore opened = OpenedStore.read(disk, path, target.file(), sizeBytes, options);
    Identity identity = Identity.fresh(BboltEngine.FORMAT_VERSION);
    BoltMeta meta = opened.version().meta();
    for (int which = 0; which < 2; which++) {
      byte[] page = MetaTail.page(HotCopy.meta(meta, which), which, identity);
      target.file().write((long) which * page.length, ByteBuffer.wrap(page));
    }
  }

  private void copy(ReadableByteChannel image, long sizeBytes) {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    while (target.sizeBytes() < sizeBytes) {
      chunk.clear().limit((int) Math.min(CHUNK_BYTES, sizeBytes - target.sizeBytes()));
      if (read(image, chunk) < 0) {
        String what = "the image ends after %d of %d bytes";
        throw StorageException.of(
            Code.CORRUPT, path, what.formatted(target.sizeBytes(), sizeBytes));
      }
      write(chunk.flip());
    }
  }

  private int read(ReadableByteChannel image, ByteBuffer chunk) {
    try {
      return image.read(chunk);
    } catch (IOException e) {
      throw StorageException.of(Code.IO, path, "the image cannot be read: " + e, e);
    }
  }

  private void write(ByteBuffer chunk) {
    try {
      target.write(chunk);
    } catch (ClosedChannelException e) {
      throw StorageException.of(Code.CLOSED, path, "was closed while it was written", e);
    }
  }
}
