package dev.cairn.spi;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** A view over sorted maps, for what reads views. */
record MapView(SortedMap<Bucket, SortedMap<byte[], byte[]>> content) implements ReadView {
  @Override
  public List<Bucket> buckets() {
    return List.copyOf(content.keySet());
  }

  @Override
  public Cursor openCursor(Bucket bucket) {
    Iterator<Map.Entry<byte[], byte[]>> entries = content.get(bucket).entrySet().iterator();
    return new Cursor() {
      private Map.Entry<byte[], byte[]> current;

      @Override
      public boolean seek(byte[] key) {
        throw new UnsupportedOperationException();
      }

      @Override
      public boolean next() {
        current = entries.hasNext() ? entries.next() : null;
        return current != null;
      }

      @Override
      public ByteBuffer key() {
        return ByteBuffer.wrap(current.getKey()).asReadOnlyBuffer();
      }

      @Override
      public ByteBuffer value() {
        return ByteBuffer.wrap(current.getValue()).asReadOnlyBuffer();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public byte[] get(Bucket bucket, byte[] key) {
    return content.get(bucket).get(key);
  }

  @Override
  public byte[] lastKey(Bucket bucket) {
    return content.get(bucket).lastKey();
  }

  @Override
  public void close() {}
}
