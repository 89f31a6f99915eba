package dev.cairn.snapshot;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Limits;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Holds what passes through a view to the limits of another engine and counts it, so that one pass
 * over a source both hashes it and finds what the target could not hold.
 */
final class LimitedView implements ReadView {
  private final ReadView view;
  private final Limits limits;
  private final String target;
  private long buckets;
  private long entries;

  LimitedView(ReadView view, Limits limits, String target) {
    this.view = view;
    this.limits = limits;
    this.target = target;
  }

  long bucketCount() {
    return buckets;
  }

  long entryCount() {
    return entries;
  }

  @Override
  public List<Bucket> buckets() {
    List<Bucket> all = view.buckets();
    if (all.size() > limits.bucketsMax()) {
      throw over(all.size() + " buckets are over the limit of " + limits.bucketsMax());
    }
    buckets = all.size();
    return all;
  }

  @Override
  public Cursor openCursor(Bucket bucket) {
    if (bucket.name().length > limits.bucketNameBytesMax()) {
      throw over("bucket name " + bucket + " is over the limit of " + limits.bucketNameBytesMax());
    }
    return new LimitedCursor(bucket, view.openCursor(bucket));
  }

  @Override
  public byte[] get(Bucket bucket, byte[] key) {
    return view.get(bucket, key);
  }

  @Override
  public byte[] lastKey(Bucket bucket) {
    return view.lastKey(bucket);
  }

  @Override
  public void close() {
    view.close();
  }

  private StorageException over(String what) {
    return StorageException.of(Code.LIMIT, what + " of engine " + target);
  }

  private void check(Bucket bucket, Cursor at) {
    entries++;
    ByteBuffer key = at.key();
    int valueBytes = at.value().remaining();
    boolean fits =
        key.hasRemaining()
            && key.remaining() <= limits.keyBytesMax()
            && valueBytes <= limits.valueBytesMax();
    if (!fits) {
      refuse(bucket, key, valueBytes);
    }
  }

  private void refuse(Bucket bucket, ByteBuffer key, int valueBytes) {
    byte[] copy = new byte[key.remaining()];
    key.duplicate().get(copy);
    try {
      limits.check(bucket, copy, valueBytes);
    } catch (StorageException e) {
      throw over(e.getMessage());
    }
  }

  private final class LimitedCursor implements Cursor {
    private final Bucket bucket;
    private final Cursor cursor;

    LimitedCursor(Bucket bucket, Cursor cursor) {
      this.bucket = bucket;
      this.cursor = cursor;
    }

    @Override
    public boolean seek(byte[] key) {
      return cursor.seek(key);
    }

    @Override
    public boolean next() {
      boolean there = cursor.next();
      if (there) {
        check(bucket, cursor);
      }
      return there;
    }

    @Override
    public ByteBuffer key() {
      return cursor.key();
    }

    @Override
    public ByteBuffer value() {
      return cursor.value();
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}
