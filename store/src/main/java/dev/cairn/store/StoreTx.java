package dev.cairn.store;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;

/**
 * One update of a store, which reads its own writes. What it writes is staged apart and becomes
 * visible to others, all at once, when the update function has returned.
 */
public interface StoreTx extends SealedTx {
  /**
   * Makes a bucket; a no-op where it exists.
   *
   * @param bucket its name
   * @throws StorageException {@code limit} when the store holds as many as its engine can
   */
  void createBucket(Bucket bucket);

  /**
   * Drops a bucket with all it holds; a no-op where it is absent.
   *
   * @param bucket its name
   */
  void deleteBucket(Bucket bucket);

  /**
   * Deletes a key; a no-op where it is absent.
   *
   * @param bucket an existing bucket
   * @param key at least 1 byte; the array belongs to the store from now on
   * @throws StorageException as {@link #put}
   */
  void delete(Bucket bucket, byte[] key);

  /**
   * Deletes a range of keys. It reads the range, so it takes time in proportion to it.
   *
   * @param bucket an existing bucket
   * @param from the first key that goes; an empty one means from the start
   * @param toExclusive the first key behind the range that stays; an empty one means to the end
   * @return how many keys were there and are gone
   * @throws StorageException as {@link #put}
   */
  long deleteRange(Bucket bucket, byte[] from, byte[] toExclusive);

  /**
   * Sets the applied position, in the update that applies that entry. It becomes durable with this
   * update's writes, neither before nor after them.
   *
   * @param index of the entry, not below the position before
   * @param term of the entry, not below the term before
   * @throws IllegalArgumentException when the index or the term would fall
   * @throws IllegalStateException when the store was opened without an {@link AppliedCodec}
   */
  void applied(long index, long term);
}
