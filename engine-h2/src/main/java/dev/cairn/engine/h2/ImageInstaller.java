package dev.cairn.engine.h2;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.AtomicFile;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.Bucket;
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
  private static final int CACHE_MEBIBYTES = 1;

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
    DiskFile file = target.file();
    FileHeader header = checked(file, sizeBytes);
    FileHeader own = header.withIdentity(Identity.fresh(H2Engine.FORMAT_VERSION));
    CommitPoint.write(file, own, 0);
    CommitPoint.write(file, own, 1);
  }

  /** Reads every entry, so that MVStore will find no page that it cannot read. */
  private FileHeader checked(DiskFile file, long sizeBytes) {
    Maps maps = Maps.open(file, sizeBytes, true, CACHE_MEBIBYTES);
    try {
      Version version = new Version(maps);
      for (Bucket bucket : version.buckets()) {
        H2Errors.reading(
            path,
            () -> {
              TreeCursor tree = new TreeCursor(path, version.root(bucket));
              boolean more = tree.next();
              while (more) {
                more = tree.next();
              }
              return null;
            });
      }
      return version.header();
    } finally {
      maps.close();
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
