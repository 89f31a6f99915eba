package dev.cairn.engine.lmdb;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.AtomicFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;

/** Turns an image into the file of a new store, which has no name before all of it is good. */
final class ImageInstaller {
  private static final int CHUNK_BYTES = 1 << 18;

  private final AtomicFile target;
  private final Path path;

  /**
   * @param target the caller's to commit and to close
   */
  ImageInstaller(AtomicFile target) {
    this.target = target;
    path = target.file().path();
  }

  void install(ReadableByteChannel image, long sizeBytes) {
    copy(image, sizeBytes);
    Version version = Version.newest(new FilePages(target.file(), sizeBytes));
    if (version.meta().sizeBytes() > sizeBytes) {
      throw StorageException.corrupt(path, sizeBytes, "the image is cut short");
    }
    new ImageCheck(version).run();
    // LMDB keeps no checksums, so the identity can be replaced where it stands.
    Identity identity = Identity.fresh(LmdbEngine.FORMAT_VERSION);
    target
        .file()
        .write(Catalog.read(version).identityAtBytes(), ByteBuffer.wrap(identity.encode()));
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
