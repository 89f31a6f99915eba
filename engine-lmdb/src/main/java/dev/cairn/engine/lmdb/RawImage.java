package dev.cairn.engine.lmdb;

import dev.cairn.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The data file as it is, under the meta page of the pinned version. Pages that commits write
 * meanwhile are free in that version, so whatever is read of them does no harm.
 */
final class RawImage implements Image {
  private final Meta meta;
  private final DiskFile file;

  RawImage(Meta meta, DiskFile file) {
    this.meta = meta;
    this.file = file;
  }

  @Override
  public long sizeBytes() {
    return meta.sizeBytes();
  }

  @Override
  public void writeTo(ImageOutput out) throws IOException {
    writeMetas(meta, out);
    long at = (long) Meta.COUNT * meta.pageSizeBytes();
    while (at < sizeBytes()) {
      ByteBuffer chunk = out.room(meta.pageSizeBytes());
      int count = (int) Math.min(chunk.remaining(), sizeBytes() - at);
      ByteBuffer part = chunk.slice(chunk.position(), count);
      file.read(at, part);
      // Pages at the end that were taken and freed in one commit were never written.
      Arrays.fill(
          chunk.array(), chunk.position() + part.position(), chunk.position() + count, (byte) 0);
      chunk.position(chunk.position() + count);
      at += count;
    }
  }

  /** Both slots get the same version: nothing of an older one is left to fall back to. */
  static void writeMetas(Meta meta, ImageOutput out) throws IOException {
    Meta older = meta.withTxn(meta.txnId() - 1);
    boolean firstIsNewest = (meta.txnId() & 1) == 0;
    out.room(meta.pageSizeBytes()).put((firstIsNewest ? meta : older).encode(0));
    out.room(meta.pageSizeBytes()).put((firstIsNewest ? older : meta).encode(1));
  }
}
