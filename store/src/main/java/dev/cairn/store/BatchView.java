package dev.cairn.store;

import static java.util.Objects.requireNonNull;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.List;

/**
 * What a view would show had a batch been committed before it was opened. Nothing is written: what
 * the batch says is merged in while reading, so a content is rewritten on its way from one place to
 * another without a copy of it in between. Used by one thread at a time, as every view.
 */
public final class BatchView implements ReadView {
  private final ReadView base;
  private final Layered reads;
  private volatile boolean closed;

  private BatchView(ReadView base, Overlay changes) {
    this.base = base;
    this.reads = new Layered(List.of(changes), () -> base);
  }

  /**
   * Lays a batch over a view.
   *
   * @param base belongs to the new view from now on, which closes it
   * @param batch kept, not changed; its keys and values are held in heap as long as the view
   * @return a view that the caller closes
   * @throws StorageException {@code not-found} when the batch writes into a bucket that would be
   *     absent; else as the base's calls. The base is then left open
   */
  public static ReadView of(ReadView base, Batch batch) {
    List<Bucket> existing = base.buckets();
    Staging staging = new Staging();
    for (Batch.Change change : batch.changes()) {
      stage(staging, change, existing.contains(change.bucket()));
    }
    return new BatchView(base, staging.freeze(null));
  }

  private static void stage(Staging staging, Batch.Change change, boolean exists) {
    Bucket bucket = change.bucket();
    switch (change.mode()) {
      case DROP -> staging.drop(bucket);
      case CLEAR -> staging.create(bucket);
      case ENSURE -> {
        if (!exists) {
          staging.create(bucket);
        }
      }
      case KEEP -> {
        if (!exists) {
          throw StorageException.of(Code.NOT_FOUND, "no bucket " + bucket + "; create it first");
        }
      }
    }
    for (int i = 0; i < change.size(); i++) {
      byte[] value = change.value(i);
      staging.put(bucket, change.key(i), value == null ? Entries.TOMBSTONE : value);
    }
  }

  @Override
  public List<Bucket> buckets() {
    checkOpen();
    return reads.buckets();
  }

  @Override
  public Cursor openCursor(Bucket bucket) {
    checkOpen();
    return reads.openCursor(requireNonNull(bucket), this::checkOpen);
  }

  @Override
  public byte[] get(Bucket bucket, byte[] key) {
    checkOpen();
    return reads.get(requireNonNull(bucket), requireNonNull(key));
  }

  @Override
  public byte[] lastKey(Bucket bucket) {
    checkOpen();
    return reads.lastKey(requireNonNull(bucket), this::checkOpen);
  }

  private void checkOpen() {
    if (closed) {
      throw Closed.exception("this view");
    }
  }

  @Override
  public void close() {
    closed = true;
    base.close();
  }
}
