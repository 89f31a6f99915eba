package dev.cairn.cli;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** A view of one entry of any size, for images that no engine here could hold. */
record OneEntry(Bucket bucket, byte[] key, byte[] value) implements ReadView {
  @Override
  public List<Bucket> buckets() {
    return List.of(bucket);
  }

  @Override
  public Cursor openCursor(Bucket ignored) {
    return new Once();
  }

  @Override
  public byte[] get(Bucket ignored, byte[] wanted) {
    return Arrays.equals(key, wanted) ? value.clone() : null;
  }

  @Override
  public byte[] lastKey(Bucket ignored) {
    return key.clone();
  }

  @Override
  public void close() {}

  private final class Once implements Cursor {
    private int position = -1;

    @Override
    public boolean seek(byte[] wanted) {
      position = Arrays.compareUnsigned(key, wanted) >= 0 ? 0 : 1;
      return position == 0;
    }

    @Override
    public boolean next() {
      position = Math.min(1, position + 1);
      return position == 0;
    }

    @Override
    public ByteBuffer key() {
      return ByteBuffer.wrap(key).asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer value() {
      return ByteBuffer.wrap(value).asReadOnlyBuffer();
    }

    @Override
    public void close() {}
  }
}
