package dev.cairn.bbolt;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Buckets in memory, and a view of them. */
final class MemoryContent implements Consumer<Batch> {
  private final NavigableMap<Bucket, NavigableMap<byte[], byte[]>> buckets = new TreeMap<>();

  NavigableMap<Bucket, NavigableMap<byte[], byte[]>> buckets() {
    return buckets;
  }

  NavigableMap<byte[], byte[]> bucket(Bucket bucket) {
    return buckets.computeIfAbsent(bucket, name -> new TreeMap<>(Arrays::compareUnsigned));
  }

  @Override
  public void accept(Batch batch) {
    for (Batch.Change change : batch.changes()) {
      if (change.mode() == Batch.Mode.DROP || change.mode() == Batch.Mode.CLEAR) {
        buckets.remove(change.bucket());
      }
      if (change.mode() == Batch.Mode.DROP) {
        continue;
      }
      NavigableMap<byte[], byte[]> bucket = bucket(change.bucket());
      for (int i = 0; i < change.size(); i++) {
        if (change.value(i) == null) {
          bucket.remove(change.key(i));
        } else {
          bucket.put(change.key(i), change.value(i));
        }
      }
    }
  }

  ReadView view() {
    return new View();
  }

  /** Stays as the content does; counts nothing, pins nothing. */
  private final class View implements ReadView {
    @Override
    public List<Bucket> buckets() {
      return List.copyOf(buckets.keySet());
    }

    @Override
    public Cursor openCursor(Bucket bucket) {
      return new Walk(buckets.get(bucket));
    }

    @Override
    public byte[] get(Bucket bucket, byte[] key) {
      return buckets.get(bucket).get(key);
    }

    @Override
    public byte[] lastKey(Bucket bucket) {
      return buckets.get(bucket).isEmpty() ? null : buckets.get(bucket).lastKey();
    }

    @Override
    public void close() {}
  }

  private static final class Walk implements Cursor {
    private final NavigableMap<byte[], byte[]> entries;
    private Iterator<Map.Entry<byte[], byte[]>> rest;
    private Map.Entry<byte[], byte[]> on;

    Walk(NavigableMap<byte[], byte[]> entries) {
      this.entries = entries;
      this.rest = entries.entrySet().iterator();
    }

    @Override
    public boolean seek(byte[] key) {
      rest = entries.tailMap(key, true).entrySet().iterator();
      return next();
    }

    @Override
    public boolean next() {
      on = rest.hasNext() ? rest.next() : null;
      return on != null;
    }

    @Override
    public ByteBuffer key() {
      return ByteBuffer.wrap(on.getKey()).asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer value() {
      return ByteBuffer.wrap(on.getValue()).asReadOnlyBuffer();
    }

    @Override
    public void close() {}
  }
}
