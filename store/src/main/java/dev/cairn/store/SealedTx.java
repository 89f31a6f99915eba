package dev.cairn.store;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.StorageException;
import java.util.List;

/**
 * A transaction that reads and may only add: what a {@link CommitHook} is given. One thread at a
 * time. After the function it was given to has returned every call throws {@code closed}.
 */
public interface SealedTx {
  /**
   * The buckets, in unsigned byte order.
   *
   * @return an unmodifiable list
   */
  List<Bucket> buckets();

  /**
   * The value at a key, pending writes included.
   *
   * @param bucket an existing bucket
   * @param key any bytes
   * @return a fresh array that the caller owns, or null when the key is absent
   * @throws StorageException {@code not-found} when the bucket is absent
   */
  byte[] get(Bucket bucket, byte[] key);

  /**
   * The last key of a bucket, pending writes included.
   *
   * @param bucket an existing bucket
   * @return a fresh array that the caller owns, or null when the bucket is empty
   * @throws StorageException {@code not-found} when the bucket is absent
   */
  byte[] lastKey(Bucket bucket);

  /**
   * Opens a cursor over a bucket as it is now; writes that come later in this transaction do not
   * move or change it.
   *
   * @param bucket an existing bucket
   * @return a cursor that ends with this transaction, if not closed before
   * @throws StorageException {@code not-found} when the bucket is absent
   */
  Cursor openCursor(Bucket bucket);

  /**
   * Puts a value at a key, replacing what is there.
   *
   * @param bucket an existing bucket
   * @param key at least 1 byte; the array belongs to the store from now on
   * @param value 0 or more bytes; the array belongs to the store from now on
   * @throws StorageException {@code not-found} when the bucket is absent; {@code limit} when key,
   *     value, or all that this transaction writes is over the engine's limits
   */
  void put(Bucket bucket, byte[] key, byte[] value);

  /**
   * The applied position, this transaction's included.
   *
   * @return {@link Applied#NONE} when none was ever set
   */
  Applied applied();
}
