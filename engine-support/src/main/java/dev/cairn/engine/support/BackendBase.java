package dev.cairn.engine.support;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.EngineInfo;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The part of a backend that is the same on every engine: what a commit may come to, poisoning, and
 * closing. A subclass says how a batch is applied, how a version is pinned and what is freed at
 * last.
 */
public abstract class BackendBase implements Backend {
  private static final System.Logger LOG = System.getLogger(BackendBase.class.getName());
  private static final Set<Code> REJECTED =
      EnumSet.of(Code.LIMIT, Code.FULL, Code.CLOSED, Code.READ_ONLY, Code.NOT_FOUND);

  private final Path store;
  private final EngineInfo info;
  private final BackendConfig config;
  private final Pins pins;
  private final ReentrantLock closing = new ReentrantLock();
  private final ReentrantLock commits = new ReentrantLock();
  private final ReentrantLock stats = new ReentrantLock();
  private volatile StorageException poison;
  private volatile boolean closed;
  private volatile long commitCount;

  /**
   * A backend that is open once the subclass's constructor returns.
   *
   * @param store the store's main file
   * @param info the engine's
   * @param config how it is opened
   */
  protected BackendBase(Path store, EngineInfo info, BackendConfig config) {
    this(store, info, config, new Pins(store, config));
  }

  BackendBase(Path store, EngineInfo info, BackendConfig config, Pins pins) {
    this.store = store;
    this.info = info;
    this.config = config;
    this.pins = pins;
  }

  /**
   * Applies a batch that was checked against the limits and the existing buckets. Under the commit
   * lock. Throws a rejecting code only when nothing was changed; anything else poisons the backend.
   *
   * @param batch not empty
   */
  protected abstract void apply(Batch batch);

  /** Makes the commits durable that {@code RELAXED} left in the system's hands. Under the lock. */
  protected abstract void force();

  /**
   * The buckets of the newest version. Under the commit lock.
   *
   * @return not changed by the caller
   */
  protected abstract Set<Bucket> currentBuckets();

  /**
   * What pins keep at this moment. Called by a committing thread or under the statistics lock.
   *
   * @return bytes of file or heap
   */
  protected abstract long pinnedBytes();

  /**
   * What the newest version uses. Called as {@link #pinnedBytes()}.
   *
   * @return bytes
   */
  protected abstract long liveBytes();

  /**
   * Frees files, locks and native memory. Once, with nothing pinned and no call in progress; not
   * under the commit lock, which nobody wants any more.
   */
  protected abstract void free();

  @Override
  public final void commit(Batch batch) {
    lockCommits();
    try {
      checkWritable();
      if (batch.isEmpty()) {
        return;
      }
      info.limits().check(batch);
      checkBuckets(batch);
      guarded(() -> apply(batch), REJECTED);
      commitCount++;
      enforcePins();
    } finally {
      commits.unlock();
    }
    pins.tellListener();
  }

  /** The batch is committed by now, so nothing here may look like a failed commit. */
  private void enforcePins() {
    try {
      pins.enforce(this::pinnedBytes, liveBytes());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, store + ": the limit on pins could not be kept", e);
    }
  }

  @Override
  public final void sync() {
    lockCommits();
    try {
      checkWritable();
      // Whatever its code says: after a failed sync nobody knows what is durable.
      guarded(this::force, Set.of());
    } finally {
      commits.unlock();
    }
  }

  private void lockCommits() {
    checkNotCommitting();
    commits.lock();
  }

  /** The lock would let its holder in once more, into the middle of a commit. */
  private void checkNotCommitting() {
    if (commits.isHeldByCurrentThread()) {
      throw new IllegalStateException(store + " is called from within a commit of its own");
    }
  }

  private void guarded(Runnable change, Set<Code> rejected) {
    try {
      change.run();
    } catch (StorageException e) {
      if (!rejected.contains(e.code())) {
        poison = e;
      }
      throw e;
    } catch (RuntimeException e) {
      poison = unknown(e);
      throw poison;
    } catch (Error e) {
      poison = unknown(e);
      throw e;
    }
  }

  private StorageException unknown(Throwable cause) {
    return StorageException.of(
        Code.IO, store, "a commit failed with an unknown outcome, open it anew: " + cause, cause);
  }

  private void checkWritable() {
    checkOpen();
    if (config.access() == BackendConfig.Access.READ_ONLY) {
      throw StorageException.of(Code.READ_ONLY, store, "is opened read-only");
    }
    if (poison != null) {
      throw poison.again();
    }
  }

  private void checkBuckets(Batch batch) {
    Set<Bucket> existing = currentBuckets();
    int count = existing.size();
    for (Batch.Change change : batch.changes()) {
      boolean exists = existing.contains(change.bucket());
      if (change.mode() == Batch.Mode.KEEP && !exists) {
        throw StorageException.of(
            Code.NOT_FOUND, store, "no bucket " + change.bucket() + "; create it first");
      }
      if (change.mode() == Batch.Mode.DROP) {
        count -= exists ? 1 : 0;
      } else {
        count += exists ? 0 : 1;
      }
    }
    int max = info.limits().bucketsMax();
    if (count > max && count > existing.size()) {
      throw StorageException.of(Code.LIMIT, store, count + " buckets are over the limit of " + max);
    }
  }

  /**
   * Refuses a call on a closed backend.
   *
   * @throws StorageException {@code closed}
   */
  protected final void checkOpen() {
    if (closed) {
      throw StorageException.of(Code.CLOSED, store, "is closed");
    }
  }

  /**
   * Runs a look at figures that must not meet {@link #free()}.
   *
   * @param look what reads them
   * @param <T> what it gives
   * @return what it gave
   * @throws StorageException {@code closed}
   */
  protected final <T> T whileOpen(Supplier<T> look) {
    stats.lock();
    try {
      checkOpen();
      return look.get();
    } finally {
      stats.unlock();
    }
  }

  @Override
  public final void close() {
    checkNotCommitting();
    pins.checkNotInside();
    closing.lock();
    try {
      if (!closed) {
        refuseCalls();
        // Not under the commit lock: a release may want it, and so may the opening of a view.
        pins.close();
        free();
      }
    } finally {
      closing.unlock();
    }
    pins.tellListener();
  }

  private void refuseCalls() {
    commits.lock();
    stats.lock();
    closed = true;
    stats.unlock();
    commits.unlock();
  }

  /**
   * Where the store is.
   *
   * @return its main file
   */
  protected final Path store() {
    return store;
  }

  /**
   * How it was opened.
   *
   * @return the config
   */
  protected final BackendConfig config() {
    return config;
  }

  /**
   * The open views and snapshots.
   *
   * @return the pins
   */
  protected final Pins pins() {
    return pins;
  }

  /**
   * Held by a commit from start to end; a subclass takes it to pin a version between commits.
   *
   * @return the lock
   */
  protected final ReentrantLock commitLock() {
    return commits;
  }

  /**
   * How many batches were committed.
   *
   * @return 0 or more
   */
  protected final long commitCount() {
    return commitCount;
  }
}
