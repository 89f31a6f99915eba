package dev.cairn.spi;

import java.util.List;

/**
 * One instant of a store, held stable until it is closed. Used by one thread at a time, not always
 * the same one; {@link #close()} may be called from any thread.
 *
 * <p>A view must see every commit that returned before it was opened and none that started after.
 * It pins what it sees: on every engine an open view costs file or heap bytes while commits go on,
 * so it is closed soon. Past the limits of {@link BackendConfig} the oldest pin is revoked, and
 * then every call must throw {@code expired}; after the view or its backend was closed, {@code
 * closed}.
 */
public interface ReadView extends AutoCloseable {
  /**
   * The buckets, empty ones included, in unsigned byte order.
   *
   * @return an unmodifiable list
   * @throws StorageException {@code closed}, {@code expired}, {@code corrupt} or {@code io}
   */
  List<Bucket> buckets();

  /**
   * Opens a cursor before the first entry of a bucket. Several may be open at once.
   *
   * @param bucket an existing bucket
   * @return a cursor that the caller closes, at the latest with this view
   * @throws StorageException {@code not-found} when the bucket is absent; else as {@link
   *     #buckets()}
   */
  Cursor openCursor(Bucket bucket);

  /**
   * The value at a key.
   *
   * @param bucket an existing bucket
   * @param key any bytes
   * @return a fresh array that the caller owns, or null when the key is absent
   * @throws StorageException {@code not-found} when the bucket is absent; else as {@link
   *     #buckets()}
   */
  byte[] get(Bucket bucket, byte[] key);

  /**
   * The last key of a bucket, found in O(depth).
   *
   * @param bucket an existing bucket
   * @return a fresh array that the caller owns, or null when the bucket is empty
   * @throws StorageException {@code not-found} when the bucket is absent; else as {@link
   *     #buckets()}
   */
  byte[] lastKey(Bucket bucket);

  /** Lets the instant go, and every cursor with it. Idempotent, from any thread. */
  @Override
  void close();
}
