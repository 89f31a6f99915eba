package dev.cairn.bbolt;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;

/** The pass that plans: counts pages, and refuses what no image can hold. */
final class PlannedTree implements ImageTree {
  private static final TreeShape.Nodes NO_BYTES =
      new TreeShape.Nodes() {
        @Override
        public void close(int level, long page) {}

        @Override
        public void adopt(int level, long childPage) {}
      };

  private final TreeShape shape;
  private final String name;
  private ByteBuffer previousKey = ByteBuffer.allocate(64).limit(0);

  PlannedTree(PageNumbers numbers, String name) {
    this.shape = new TreeShape(numbers, NO_BYTES);
    this.name = name;
  }

  @Override
  public void put(ByteBuffer key, ByteBuffer value) {
    checkLength(key.remaining());
    checkOrder(key);
    shape.entry(key.remaining(), value.remaining());
  }

  private void checkLength(int keyBytes) {
    if (keyBytes < 1 || keyBytes > Layout.KEY_BYTES_MAX) {
      throw StorageException.of(
          Code.LIMIT,
          "%s: a key of %d bytes; an image holds keys of 1 to %d"
              .formatted(name, keyBytes, Layout.KEY_BYTES_MAX));
    }
  }

  /** A tree of keys out of order would be found damaged only by its reader. */
  private void checkOrder(ByteBuffer key) {
    int at = previousKey.mismatch(key);
    boolean rises =
        at == previousKey.limit()
            || (at >= 0
                && at < key.remaining()
                && Byte.compareUnsigned(previousKey.get(at), key.get(key.position() + at)) < 0);
    if (!rises) {
      throw StorageException.of(Code.CORRUPT, name + ": the view's keys do not rise");
    }
    if (key.remaining() > previousKey.capacity()) {
      previousKey = ByteBuffer.allocate(Layout.KEY_BYTES_MAX);
    }
    previousKey.clear().put(key.duplicate()).flip();
  }

  @Override
  public ByteBuffer endBucket() {
    if (shape.isInline()) {
      return ByteBuffer.allocate(Layout.BUCKET_HEADER_BYTES + (int) shape.leafBytes());
    }
    shape.end();
    return ByteBuffer.allocate(Layout.BUCKET_HEADER_BYTES);
  }

  @Override
  public long endTop() {
    return shape.end();
  }
}
