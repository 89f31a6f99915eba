package dev.cairn.store;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Limits;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A transaction whose writes are staged on top of a state. What an engine would reject is refused
 * here, so that one update cannot spoil the commit that it shares with others.
 */
final class StagedTx implements StoreTx, AutoCloseable {
  private final State state;
  private final Limits limits;
  private final long bytesMax;
  private final Optional<AppliedCodec> codec;
  private final Staging staging = new Staging();
  private final Layered reads;
  private SortedSet<Bucket> existing;
  private Applied applied;
  private boolean appliedHere;
  private long writtenBytes;
  private ReadView base;
  private boolean closed;

  /**
   * Starts on a state.
   *
   * @param state read through; its generation stays open until this is closed
   * @param bytesMax how many bytes may be staged
   * @param codec writes the applied position
   */
  StagedTx(State state, long bytesMax, Optional<AppliedCodec> codec) {
    this.state = state;
    this.limits = state.generation().engine().info().limits();
    this.bytesMax = bytesMax;
    this.codec = codec;
    this.existing = state.buckets();
    this.applied = state.applied();
    List<Layer> layers = new ArrayList<>(3);
    layers.add(staging);
    layers.addAll(state.layers());
    this.reads = new Layered(layers, this::base);
  }

  /** Whatever the backend holds by now, what lies over it makes it read as at the start. */
  private ReadView base() {
    if (base == null) {
      base = state.generation().backend().openView();
    }
    return base;
  }

  @Override
  public List<Bucket> buckets() {
    checkOpen();
    return List.copyOf(existing);
  }

  @Override
  public byte[] get(Bucket bucket, byte[] key) {
    checkOpen();
    return reads.get(bucket, key);
  }

  @Override
  public byte[] lastKey(Bucket bucket) {
    checkOpen();
    return reads.lastKey(bucket, this::checkOpen);
  }

  @Override
  public Cursor openCursor(Bucket bucket) {
    checkOpen();
    return reads.openCursor(bucket, this::checkOpen);
  }

  @Override
  public void createBucket(Bucket bucket) {
    checkOpen();
    if (existing.contains(bucket)) {
      return;
    }
    if (existing.size() >= limits.bucketsMax()) {
      throw StorageException.of(
          Code.LIMIT,
          "bucket %s would be one more than the limit of %d"
              .formatted(bucket, limits.bucketsMax()));
    }
    staging.create(bucket);
    changeable().add(bucket);
  }

  @Override
  public void deleteBucket(Bucket bucket) {
    checkOpen();
    if (existing.contains(bucket)) {
      staging.drop(bucket);
      changeable().remove(bucket);
    }
  }

  /** The buckets of the state are shared; the first change copies them. */
  private SortedSet<Bucket> changeable() {
    if (existing == state.buckets()) {
      existing = new TreeSet<>(existing);
    }
    return existing;
  }

  @Override
  public void put(Bucket bucket, byte[] key, byte[] value) {
    if (value == null) {
      throw new NullPointerException("value");
    }
    // An empty array of the caller's could be taken for a tombstone only if it were that very one.
    write(bucket, key, value);
  }

  @Override
  public void delete(Bucket bucket, byte[] key) {
    write(bucket, key, Entries.TOMBSTONE);
  }

  private void write(Bucket bucket, byte[] key, byte[] value) {
    checkOpen();
    if (!existing.contains(bucket)) {
      throw StorageException.of(Code.NOT_FOUND, "no bucket " + bucket + "; create it first");
    }
    limits.check(bucket, key, value.length);
    makeRoom(key.length + (long) value.length);
    staging.put(bucket, key, value);
  }

  /** Counts what was written; where that is too much, what is left of it after overwriting. */
  private void makeRoom(long moreBytes) {
    writtenBytes += moreBytes;
    if (writtenBytes > bytesMax) {
      writtenBytes = staging.sizeBytes() + moreBytes;
      if (writtenBytes > bytesMax) {
        throw StorageException.of(
            Code.LIMIT,
            "one update writes more than " + bytesMax + " bytes; split it into several");
      }
    }
  }

  @Override
  public long deleteRange(Bucket bucket, byte[] from, byte[] toExclusive) {
    long count = 0;
    try (Cursor cursor = openCursor(bucket)) {
      boolean there = cursor.seek(from);
      while (there) {
        byte[] key = copy(cursor.key());
        if (toExclusive.length > 0 && Arrays.compareUnsigned(key, toExclusive) >= 0) {
          break;
        }
        delete(bucket, key);
        count++;
        there = cursor.next();
      }
    }
    return count;
  }

  private static byte[] copy(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Override
  public void applied(long index, long term) {
    checkOpen();
    AppliedCodec writer =
        codec.orElseThrow(
            () -> new IllegalStateException("the store was opened without an AppliedCodec"));
    Applied next = new Applied(index, term);
    if (next.isBehind(applied)) {
      throw new IllegalArgumentException("%s is behind %s".formatted(next, applied));
    }
    writer.write(this, next);
    applied = next;
    appliedHere = true;
  }

  @Override
  public Applied applied() {
    return applied;
  }

  /** The buckets that exist after this. */
  SortedSet<Bucket> existing() {
    return existing;
  }

  /** What was written; no more is. */
  Overlay finish() {
    close();
    return staging.freeze(appliedHere ? applied : null);
  }

  private void checkOpen() {
    if (closed) {
      throw Closed.exception("this transaction");
    }
  }

  @Override
  public void close() {
    closed = true;
    if (base != null) {
      base.close();
      base = null;
    }
  }
}
