package dev.cairn.testkit;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One operation of a batch, in the caller's order.
 *
 * @param kind what it does
 * @param bucket to which bucket
 * @param key of a put or delete, else null
 * @param value of a put, else null
 */
record Op(Kind kind, Bucket bucket, byte[] key, byte[] value) {
  enum Kind {
    CREATE,
    DROP,
    PUT,
    DELETE
  }

  static Op create(Bucket bucket) {
    return new Op(Kind.CREATE, bucket, null, null);
  }

  static Op drop(Bucket bucket) {
    return new Op(Kind.DROP, bucket, null, null);
  }

  static Op put(Bucket bucket, byte[] key, byte[] value) {
    return new Op(Kind.PUT, bucket, key, value);
  }

  static Op delete(Bucket bucket, byte[] key) {
    return new Op(Kind.DELETE, bucket, key, null);
  }

  /**
   * The batch of some operations; one on a bucket that the batch drops before is left out, as the
   * builder refuses it.
   */
  static Batch batch(List<Op> ops) {
    Batch.Builder batch = Batch.builder();
    for (Op op : ops) {
      try {
        op.addTo(batch);
      } catch (StorageException refused) {
        if (refused.code() != Code.NOT_FOUND) {
          throw refused;
        }
      }
    }
    return batch.build();
  }

  private void addTo(Batch.Builder batch) {
    switch (kind) {
      case CREATE -> batch.createBucket(bucket);
      case DROP -> batch.deleteBucket(bucket);
      case PUT -> batch.put(bucket, key, value);
      case DELETE -> batch.delete(bucket, key);
      default -> throw new AssertionError(kind);
    }
  }

  /**
   * What a store holds after the operations, replayed one by one.
   *
   * @return another model, or null when the batch must be rejected: it changes a bucket that is
   *     neither there nor made or dropped by the batch itself
   */
  static Model replay(List<Op> ops, Model before) {
    Model after = before.copy();
    return replayOn(ops, after) ? after : null;
  }

  /** As {@link #replay}, on the model itself; false when the batch must be rejected. */
  static boolean replayOn(List<Op> ops, Model model) {
    Set<Bucket> settled = new HashSet<>(model.buckets().keySet());
    Set<Bucket> wanted = new HashSet<>();
    Set<Bucket> dropped = new HashSet<>();
    for (Op op : ops) {
      if (op.kind == Kind.CREATE || op.kind == Kind.DROP) {
        settled.add(op.bucket);
      } else if (!dropped.contains(op.bucket)) {
        wanted.add(op.bucket);
      }
      op.replayOn(model, dropped);
    }
    return settled.containsAll(wanted);
  }

  private void replayOn(Model model, Set<Bucket> dropped) {
    switch (kind) {
      case CREATE -> {
        model.create(bucket);
        dropped.remove(bucket);
      }
      case DROP -> {
        model.drop(bucket);
        dropped.add(bucket);
      }
      case PUT -> {
        if (!dropped.contains(bucket)) {
          model.create(bucket).put(bucket, key, value);
        }
      }
      case DELETE -> {
        if (!dropped.contains(bucket)) {
          model.create(bucket).delete(bucket, key);
        }
      }
      default -> throw new AssertionError(kind);
    }
  }

  @Override
  public String toString() {
    return switch (kind) {
      case CREATE -> "create " + bucket;
      case DROP -> "drop " + bucket;
      case PUT -> "put " + bucket + " " + Model.shown(key) + " <- " + Model.shown(value);
      case DELETE -> "delete " + bucket + " " + Model.shown(key);
    };
  }
}
