package dev.cairn.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A normalised, absolute change: per bucket one {@link Mode}, then the last put or delete of each
 * key, in the order of (bucket, unsigned key). Applying a batch twice must equal applying it once.
 *
 * <p>Immutable and thread-safe, with one reservation that keeps puts free of copies: the key and
 * value arrays belong to the batch from the moment they are given to the {@link Builder}, and
 * neither the giver nor an engine may change them afterwards.
 */
public final class Batch {
  /** What happens to the bucket itself, before its puts and deletes. */
  public enum Mode {
    /** It must exist; where it does not, the whole batch is rejected with {@code not-found}. */
    KEEP,
    /** It is made where it does not exist. */
    ENSURE,
    /** It is emptied where it exists and made where it does not. */
    CLEAR,
    /** It is absent afterwards; no puts or deletes go with it. */
    DROP
  }

  /** The change of one bucket. Immutable; the arrays it hands out must not be changed. */
  public static final class Change {
    private final Bucket bucket;
    private final Mode mode;
    private final byte[][] keys;
    private final byte[][] values;
    private final int keyBytesMax;
    private final int valueBytesMax;
    private final long sizeBytes;

    private Change(Bucket bucket, Mode mode, byte[][] keys, byte[][] values) {
      this.bucket = bucket;
      this.mode = mode;
      this.keys = keys;
      this.values = values;
      int longestKey = 0;
      int longestValue = 0;
      long bytes = 0;
      for (int i = 0; i < keys.length; i++) {
        int valueBytes = values[i] == null ? 0 : values[i].length;
        longestKey = Math.max(longestKey, keys[i].length);
        longestValue = Math.max(longestValue, valueBytes);
        bytes += keys[i].length + (long) valueBytes;
      }
      keyBytesMax = longestKey;
      valueBytesMax = longestValue;
      sizeBytes = bytes;
    }

    /**
     * Which bucket.
     *
     * @return its name
     */
    public Bucket bucket() {
      return bucket;
    }

    /**
     * What happens to the bucket itself.
     *
     * @return the mode; with {@link Mode#DROP} the size is 0
     */
    public Mode mode() {
      return mode;
    }

    /**
     * How many keys are put or deleted.
     *
     * @return 0 or more
     */
    public int size() {
      return keys.length;
    }

    /**
     * A key; keys rise strictly with the index, as unsigned bytes.
     *
     * @param index 0 to size - 1
     * @return the batch's own array, not to be changed
     */
    public byte[] key(int index) {
      return keys[index];
    }

    /**
     * The value put at a key.
     *
     * @param index 0 to size - 1
     * @return the batch's own array, not to be changed; null where the key is deleted
     */
    public byte[] value(int index) {
      return values[index];
    }

    /**
     * The longest key of this change.
     *
     * @return bytes, 0 when the size is 0
     */
    public int keyBytesMax() {
      return keyBytesMax;
    }

    /**
     * The longest value of this change.
     *
     * @return bytes, 0 when nothing is put
     */
    public int valueBytesMax() {
      return valueBytesMax;
    }
  }

  private final List<Change> changes;
  private final int operations;
  private final long sizeBytes;

  private Batch(List<Change> changes) {
    this.changes = changes;
    int count = 0;
    long bytes = 0;
    for (Change change : changes) {
      count += change.size() + (change.mode == Mode.KEEP ? 0 : 1);
      bytes += change.sizeBytes;
    }
    operations = count;
    sizeBytes = bytes;
  }

  /**
   * Starts a batch.
   *
   * @return an empty builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The changes, one per bucket, in the order of the buckets.
   *
   * @return an unmodifiable list
   */
  public List<Change> changes() {
    return changes;
  }

  /**
   * Whether nothing at all is asked for.
   *
   * @return true when there is no change
   */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /**
   * How many puts, deletes, and makings or droppings of buckets.
   *
   * @return 0 or more
   */
  public int operationCount() {
    return operations;
  }

  /**
   * How many bytes the keys and values have together.
   *
   * @return 0 or more
   */
  public long sizeBytes() {
    return sizeBytes;
  }

  /** Replays the caller's order of operations into a batch. One thread at a time. */
  public static final class Builder {
    private final Map<Bucket, Pending> pending = new TreeMap<>();

    private Builder() {}

    /**
     * Makes a bucket where it is absent; what it holds is kept.
     *
     * @param bucket its name
     * @return this
     */
    public Builder createBucket(Bucket bucket) {
      Pending change = pending(bucket);
      if (change.mode == Mode.DROP) {
        change.mode = Mode.CLEAR;
      } else if (change.mode == Mode.KEEP) {
        change.mode = Mode.ENSURE;
      }
      return this;
    }

    /**
     * Drops a bucket with all it holds, the earlier entries of this batch included; a no-op where
     * it is absent.
     *
     * @param bucket its name
     * @return this
     */
    public Builder deleteBucket(Bucket bucket) {
      Pending change = new Pending();
      change.mode = Mode.DROP;
      pending.put(bucket, change);
      return this;
    }

    /**
     * Puts a value at a key, replacing what is there. The arrays belong to the batch from now on.
     *
     * @param bucket an existing bucket, or one made earlier in this batch
     * @param key at least 1 byte
     * @param value 0 or more bytes
     * @return this
     * @throws StorageException {@code not-found} when this batch drops the bucket before; {@code
     *     limit} for an empty key
     */
    public Builder put(Bucket bucket, byte[] key, byte[] value) {
      if (value == null) {
        throw new NullPointerException("value");
      }
      present(bucket, key).add(key, value);
      return this;
    }

    /**
     * Deletes a key; a no-op where it is absent. The array belongs to the batch from now on.
     *
     * @param bucket an existing bucket, or one made earlier in this batch
     * @param key at least 1 byte
     * @return this
     * @throws StorageException {@code not-found} when this batch drops the bucket before; {@code
     *     limit} for an empty key
     */
    public Builder delete(Bucket bucket, byte[] key) {
      present(bucket, key).add(key, null);
      return this;
    }

    /**
     * The batch; the builder may go on and build again.
     *
     * @return an immutable batch
     */
    public Batch build() {
      List<Change> changes = new ArrayList<>(pending.size());
      pending.forEach((bucket, change) -> changes.add(change.normalise(bucket)));
      return new Batch(List.copyOf(changes));
    }

    private Pending pending(Bucket bucket) {
      return pending.computeIfAbsent(bucket, name -> new Pending());
    }

    private Pending present(Bucket bucket, byte[] key) {
      if (key.length == 0) {
        throw StorageException.of(
            StorageException.Code.LIMIT, "bucket " + bucket + ": a key has at least 1 byte");
      }
      Pending change = pending(bucket);
      if (change.mode == Mode.DROP) {
        throw StorageException.of(
            StorageException.Code.NOT_FOUND,
            "bucket " + bucket + " is dropped earlier in this batch; create it first");
      }
      return change;
    }
  }

  /** The operations on one bucket in the caller's order, sorted only when that is needed. */
  private static final class Pending {
    private static final int FIRST_CAPACITY = 16;

    private Mode mode = Mode.KEEP;
    private byte[][] keys = new byte[FIRST_CAPACITY][];
    private byte[][] values = new byte[FIRST_CAPACITY][];
    private int size;
    private boolean ascending = true;

    void add(byte[] key, byte[] value) {
      if (size == keys.length) {
        keys = Arrays.copyOf(keys, size * 2);
        values = Arrays.copyOf(values, size * 2);
      }
      ascending = ascending && (size == 0 || Arrays.compareUnsigned(keys[size - 1], key) < 0);
      keys[size] = key;
      values[size] = value;
      size++;
    }

    Change normalise(Bucket bucket) {
      if (ascending) {
        return new Change(bucket, mode, Arrays.copyOf(keys, size), Arrays.copyOf(values, size));
      }
      Integer[] order = new Integer[size];
      Arrays.setAll(order, i -> i);
      // The sort is stable: among equal keys the caller's last comes last, and only it is kept.
      Arrays.sort(order, Comparator.comparing(i -> keys[i], Arrays::compareUnsigned));
      byte[][] sortedKeys = new byte[size][];
      byte[][] sortedValues = new byte[size][];
      int kept = 0;
      for (int i = 0; i < size; i++) {
        byte[] key = keys[order[i]];
        if (i + 1 < size && Arrays.equals(key, keys[order[i + 1]])) {
          continue;
        }
        sortedKeys[kept] = key;
        sortedValues[kept] = values[order[i]];
        kept++;
      }
      return new Change(
          bucket, mode, Arrays.copyOf(sortedKeys, kept), Arrays.copyOf(sortedValues, kept));
    }
  }
}
