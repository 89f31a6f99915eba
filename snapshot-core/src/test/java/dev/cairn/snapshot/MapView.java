package dev.cairn.snapshot;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A content put together by a test, without the limits of any engine. */
public final class MapView implements ReadView {
  private final NavigableMap<Bucket, NavigableMap<byte[], byte[]>> buckets = new TreeMap<>();
  private final Comparator<byte[]> order;
  private boolean closed;

  public MapView() {
    this(Arrays::compareUnsigned);
  }

  /** One whose cursors may go in another order than they must. */
  public MapView(Comparator<byte[]> order) {
    this.order = order;
  }

  public MapView bucket(String name) {
    buckets.computeIfAbsent(Bucket.named(name), bucket -> new TreeMap<>(order));
    return this;
  }

  public MapView put(String bucket, byte[] key, byte[] value) {
    bucket(bucket).buckets.get(Bucket.named(bucket)).put(key, value);
    return this;
  }

  public MapView put(String bucket, String key, String value) {
    return put(bucket, utf8(key), utf8(value));
  }

  /** Shows every entry of a bucket. */
  public void each(String bucket, BiConsumer<byte[], byte[]> entry) {
    buckets.get(Bucket.named(bucket)).forEach(entry);
  }

  public MapView remove(String bucket, byte[] key) {
    buckets.get(Bucket.named(bucket)).remove(key);
    return this;
  }

  public MapView remove(String bucket) {
    buckets.remove(Bucket.named(bucket));
    return this;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public List<Bucket> buckets() {
    return List.copyOf(buckets.keySet());
  }

  private NavigableMap<byte[], byte[]> entries(Bucket bucket) {
    NavigableMap<byte[], byte[]> entries = buckets.get(bucket);
    if (entries == null) {
      throw StorageException.of(StorageException.Code.NOT_FOUND, "no bucket " + bucket);
    }
    return entries;
  }

  @Override
  public Cursor openCursor(Bucket bucket) {
    return new MapCursor(entries(bucket));
  }

  @Override
  public byte[] get(Bucket bucket, byte[] key) {
    return entries(bucket).get(key);
  }

  @Override
  public byte[] lastKey(Bucket bucket) {
    return entries(bucket).isEmpty() ? null : entries(bucket).lastKey();
  }

  @Override
  public void close() {
    closed = true;
  }

  private static final class MapCursor implements Cursor {
    private final NavigableMap<byte[], byte[]> entries;
    private Map.Entry<byte[], byte[]> at;
    private boolean started;

    MapCursor(NavigableMap<byte[], byte[]> entries) {
      this.entries = entries;
    }

    @Override
    public boolean seek(byte[] key) {
      started = true;
      at = entries.ceilingEntry(key);
      return at != null;
    }

    @Override
    public boolean next() {
      at = started ? (at == null ? null : entries.higherEntry(at.getKey())) : entries.firstEntry();
      started = true;
      return at != null;
    }

    @Override
    public ByteBuffer key() {
      return ByteBuffer.wrap(at.getKey()).asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer value() {
      return ByteBuffer.wrap(at.getValue()).asReadOnlyBuffer();
    }

    @Override
    public void close() {}
  }
}
