package dev.cairn.spi;

import java.util.Arrays;

/**
 * How large things may be. Every engine must hold {@link #PORTABLE}; what it states beyond that
 * binds only those who name the engine.
 *
 * @param bucketNameBytesMax longest bucket name
 * @param keyBytesMax longest key; the shortest is 1 byte
 * @param valueBytesMax longest value; the shortest is 0 bytes
 * @param bucketsMax how many buckets a store holds at once
 * @param batchBytesMax sum of the keys and values of one batch
 */
public record Limits(
    int bucketNameBytesMax,
    int keyBytesMax,
    int valueBytesMax,
    int bucketsMax,
    long batchBytesMax) {
  /** What every engine holds: names 255, keys 511, values 8 MiB, 1,024 buckets, 256 MiB a batch. */
  public static final Limits PORTABLE = new Limits(255, 511, 8 << 20, 1024, 256L << 20);

  /**
   * Checks a batch before anything of it is applied. The number of buckets depends on the store and
   * is the engine's to check.
   *
   * @param batch what is to be committed
   * @throws StorageException {@code limit}, naming bucket, key and limit
   */
  public void check(Batch batch) {
    if (batch.sizeBytes() > batchBytesMax) {
      throw limit("a batch of " + batch.sizeBytes() + " bytes", batchBytesMax);
    }
    for (Batch.Change change : batch.changes()) {
      if (change.bucket().name().length > bucketNameBytesMax) {
        throw limit("bucket name " + change.bucket(), bucketNameBytesMax);
      }
      if (change.keyBytesMax() > keyBytesMax || change.valueBytesMax() > valueBytesMax) {
        checkEntries(change);
      }
    }
  }

  /**
   * Checks one entry, as the copying from one store to another does.
   *
   * @param bucket where it is to be
   * @param key its key
   * @param valueBytes how long its value is
   * @throws StorageException {@code limit}, naming bucket, key and limit
   */
  public void check(Bucket bucket, byte[] key, int valueBytes) {
    if (key.length == 0) {
      throw StorageException.of(
          StorageException.Code.LIMIT, "bucket " + bucket + ": a key has at least 1 byte");
    }
    if (key.length > keyBytesMax) {
      throw limit(
          "bucket " + bucket + ": key " + Bytes.hex(key) + " of " + key.length + " bytes",
          keyBytesMax);
    }
    if (valueBytes > valueBytesMax) {
      throw limit(
          "bucket " + bucket + ": key " + Bytes.hex(key) + ": value of " + valueBytes + " bytes",
          valueBytesMax);
    }
  }

  private void checkEntries(Batch.Change change) {
    for (int i = 0; i < change.size(); i++) {
      byte[] value = change.value(i);
      check(change.bucket(), change.key(i), value == null ? 0 : value.length);
    }
  }

  private static StorageException limit(String what, long max) {
    return StorageException.of(StorageException.Code.LIMIT, what + " is over the limit of " + max);
  }

  /**
   * Whether these hold at least what others hold.
   *
   * @param others the other limits
   * @return true when each limit is at least as large
   */
  public boolean covers(Limits others) {
    long[] mine = {bucketNameBytesMax, keyBytesMax, valueBytesMax, bucketsMax, batchBytesMax};
    long[] theirs = {
      others.bucketNameBytesMax,
      others.keyBytesMax,
      others.valueBytesMax,
      others.bucketsMax,
      others.batchBytesMax
    };
    long[] larger = mine.clone();
    Arrays.setAll(larger, i -> Math.max(mine[i], theirs[i]));
    return Arrays.equals(mine, larger);
  }
}
