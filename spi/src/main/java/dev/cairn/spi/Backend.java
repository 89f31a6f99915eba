package dev.cairn.spi;

/**
 * One open store. Thread-safe, except that {@link #commit} and {@link #sync} have one caller at a
 * time, on any thread; they must not depend on which thread calls.
 *
 * <p>An interrupt of a calling thread must never harm the store: the call ends as if the interrupt
 * had not come, and the thread's interrupt flag is set when it returns.
 */
public interface Backend extends AutoCloseable {
  /**
   * Applies every change of the batch or none. One of three outcomes:
   *
   * <ul>
   *   <li><b>done</b>: it returns; every view opened from now on sees the batch, none opened before
   *       does. With {@link BackendConfig.Durability#SYNC} it is on stable storage.
   *   <li><b>rejected</b> ({@code limit}, {@code full}, {@code closed}, {@code read-only}, {@code
   *       not-found}): no effect, now or after a reopen, and the backend stays usable.
   *   <li><b>failed</b> ({@code io}, {@code corrupt}): the outcome is unknown and the backend is
   *       poisoned. Every later commit throws the same; open views and snapshots keep reading or
   *       throw, and never lie. After a reopen the batch is there wholly or not at all. A failed
   *       fsync is never tried again.
   * </ul>
   *
   * @param batch what to apply; neither kept nor changed. An empty one is a no-op.
   * @throws StorageException when rejected or failed
   */
  void commit(Batch batch);

  /**
   * Makes every commit that returned durable. With {@link BackendConfig.Durability#SYNC} they are
   * already, and this is a no-op.
   *
   * @throws StorageException {@code io}: the backend is poisoned as by a failed commit
   */
  void sync();

  /**
   * Pins the present instant for reading; neither waits for a commit nor makes one wait for longer
   * than it takes to note a version.
   *
   * @return a view that the caller closes
   * @throws StorageException {@code closed}, {@code io}, or {@code limit} when the engine has no
   *     more room for readers
   */
  ReadView openView();

  /**
   * Pins the present instant for streaming as the engine's native image; commits go on meanwhile.
   *
   * @return a snapshot that the caller closes
   * @throws StorageException as {@link #openView()}
   */
  Snapshot snapshot();

  /**
   * Counts and sizes; cheap, and never blocks a commit.
   *
   * @return the figures of this moment
   * @throws StorageException {@code closed}
   */
  BackendStats stats();

  /**
   * Refuses new work, makes every open view, cursor and snapshot throw {@code closed} at its next
   * call, lets calls in progress end, then frees the files and all native memory. Idempotent, from
   * any thread.
   */
  @Override
  void close();
}
