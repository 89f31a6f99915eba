package dev.cairn.store;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What an application embeds: one open store, made by any engine. Thread-safe. An interrupt of a
 * calling thread harms nothing: the call ends as if it had not come.
 *
 * <p>An update is atomic, and readers see it whole as soon as it has joined; when it is durable,
 * {@link CommitPolicy} says. A commit has one of three outcomes:
 *
 * <ul>
 *   <li><b>done</b>;
 *   <li><b>rejected</b> for want of space ({@code full}), or by a throwing {@link CommitHook}: the
 *       writes stay, visible and pending. After {@code full} further updates are refused until a
 *       {@link #commit()} succeeds;
 *   <li><b>failed</b>: nobody knows whether it happened, and the store stops. Updates, commits and
 *       new views throw; open views keep reading. After a reopen the batch is there wholly or not
 *       at all.
 * </ul>
 *
 * An update that the engine would reject for its size or for a missing bucket is refused by itself,
 * and never spoils the commit of others.
 */
public final class Store implements AutoCloseable {
  private final Path file;
  private final StoreConfig config;
  private final Versions versions;
  private final Commits commits;
  private final Updates updates;
  private final Replacement replacement;
  private final BatchTimer timer;

  private Store(StoreFiles files, StoreConfig config, State state) {
    this.file = files.main();
    this.config = config;
    versions = new Versions(state);
    commits = new Commits(file, versions, config);
    CommitPolicy policy = config.commitPolicy();
    timer =
        policy.isImmediate()
            ? null
            : BatchTimer.start(policy.delayMillisMax(), commits::allQuietly);
    updates = new Updates(file, versions, commits, config, this::batchIsFull);
    replacement = new Replacement(files, config, versions, commits);
  }

  private void batchIsFull() {
    if (timer != null) {
      timer.wake(true);
    }
  }

  /**
   * Opens a store.
   *
   * @param file the store's main file; its directory exists
   * @param config how
   * @return a store that the caller closes
   * @throws StorageException {@code not-found}; {@code locked}; {@code corrupt}, also when no
   *     engine recognises the file; and whatever else {@link Engine#open} throws
   */
  public static Store open(Path file, StoreConfig config) {
    StoreFiles files = new StoreFiles(config.disk(), file.toAbsolutePath());
    State state = Opening.open(files, config);
    return new Store(files, config, state);
  }

  /**
   * Makes a change, all of it or none. When {@code change} throws, that is thrown and nothing has
   * happened. Updates of several threads run one at a time; those that wait for durability share
   * engine commits.
   *
   * @param change reads and writes; runs on this thread, and must not update or commit this store
   * @throws StorageException {@code read-only}, {@code closed}, {@code limit} when it writes more
   *     than one batch of the engine holds; or the outcome of the commit, as the class says: then
   *     the change has joined and is pending
   */
  public void update(Update change) {
    long number = updates.run(change);
    if (number > 0 && timer == null) {
      commits.through(number);
    } else if (number > 0) {
      timer.wake(isBatch(versions.state()));
    }
  }

  private boolean isBatch(State state) {
    CommitPolicy policy = config.commitPolicy();
    return state.active().operations() >= policy.opsMax()
        || state.active().sizeBytes() >= policy.bytesMax();
  }

  /**
   * Applies entries of a log that somebody else keeps: all of them in one engine commit, which is
   * done when this returns. A host runs with {@code RELAXED} durability and calls {@link #sync()}
   * before it cuts its log.
   *
   * <p>Errors are fail-stop: when one change throws, none of the list is applied, and this refuses
   * every list after it until the store is opened anew. The host's copy of the state would no
   * longer be that of the others.
   *
   * @param changes in the order of the log, each setting its applied position
   * @throws IllegalStateException when a change of an earlier list threw
   */
  public void applyAll(List<Update> changes) {
    commits.through(updates.runAll(changes));
  }

  /**
   * Reads from one stable instant.
   *
   * @param reader must not keep the view
   * @param <R> what it gives
   * @return what it gave
   */
  public <R> R view(Function<ReadView, R> reader) {
    try (ReadView view = openView()) {
      return reader.apply(view);
    }
  }

  /**
   * Pins the present instant, pending updates included; waits for no commit.
   *
   * @return a view that the caller closes soon: it keeps the engine from reusing space
   */
  public ReadView openView() {
    commits.checkNotStopped();
    return versions.openView();
  }

  /**
   * Reads from one stable instant and from what a {@link Successor} publishes: both are of the same
   * store, where a {@link #replace(Successor)} runs at the same time.
   *
   * @param published asked for what is published as the instant is pinned; must be quick, and must
   *     not call this store
   * @param reader must not keep the view
   * @param <T> what is published
   * @param <R> what the reader gives
   * @return what it gave
   */
  public <T, R> R view(Supplier<T> published, BiFunction<ReadView, T, R> reader) {
    commits.checkNotStopped();
    AtomicReference<T> seen = new AtomicReference<>();
    try (ReadView view = versions.openView(() -> seen.set(published.get()))) {
      return reader.apply(view, seen.get());
    }
  }

  /** Commits what is pending; no engine commit when nothing is. */
  public void commit() {
    commits.checkNotInside();
    commits.all();
  }

  /** Commits what is pending and makes every commit durable, {@code RELAXED} ones included. */
  public void sync() {
    commits.checkNotInside();
    commits.sync();
  }

  /**
   * The content hash, the same for the same content on every engine.
   *
   * @return {@code v1:} and 64 lower-case hex digits, pending updates included
   */
  public String hash() {
    return view(ContentHash::v1);
  }

  /**
   * Commits what is pending and pins that commit, as image and as view.
   *
   * @return a snapshot that the caller closes
   */
  public StoreSnapshot snapshot() {
    commits.checkNotInside();
    return commits.snapshot();
  }

  /**
   * The applied position that readers see.
   *
   * @return {@link Applied#NONE} when none was ever set
   */
  public Applied applied() {
    return versions.state().applied();
  }

  /**
   * The applied position that a crash cannot take back.
   *
   * @return never ahead of {@link #applied()}
   */
  public Applied durableApplied() {
    return commits.durableApplied();
  }

  /**
   * The engine beneath.
   *
   * @return the present one; a replacement may bring another
   */
  public Engine engine() {
    return versions.state().generation().engine();
  }

  /**
   * Where the store is.
   *
   * @return its main file, absolute
   */
  public Path file() {
    return file;
  }

  /**
   * Counts and sizes; cheap.
   *
   * @return the figures of this moment
   */
  public StoreStats stats() {
    return versions.read(this::stats);
  }

  private StoreStats stats(State state) {
    Overlay sealed = state.sealed() == null ? Overlay.EMPTY : state.sealed().overlay();
    return new StoreStats(
        state.generation().engine().info().name(),
        state.generation().backend().stats(),
        state.active().operations() + (long) sealed.operations(),
        state.active().sizeBytes() + sealed.sizeBytes(),
        state.updates(),
        commits.commitCount(),
        replacement.retiredCount(),
        state.applied(),
        commits.durableApplied());
  }

  /**
   * Replaces the store's file by a copy without free space in it. Commits first; updates and
   * commits wait until it is done, readers do not. Space for the copy is needed beside the old
   * file, which goes when its last reader is done.
   *
   * @throws StorageException {@code full} and others: the store is as it was and goes on. Only when
   *     the copy was in place already and could not be opened the store stops, as after a failed
   *     commit; a reopen then finds the copy
   */
  public void defragment() {
    exclusively(replacement::defragment);
  }

  /**
   * Replaces the store's file by another one, with another content, maybe of another engine. What
   * is pending is committed to the old file first; open views and snapshots stay on it.
   *
   * @param newFile a store file in the directory of this one, open to nobody. It gets this store's
   *     name; when this throws before that, it is still there under its own
   * @param engine the new file's
   * @param newConfig how the new file, which must exist, is opened from now on
   * @throws StorageException as {@link #defragment()}; {@code corrupt} or {@code unsupported} when
   *     the new file is refused
   */
  public void replace(Path newFile, Engine engine, BackendConfig newConfig) {
    exclusively(() -> replacement.replace(newFile.toAbsolutePath(), engine, newConfig));
  }

  /**
   * Replaces the store's file by another content that is not for this store to choose: whoever has
   * it come keeps a log that goes on behind it already. So when this throws, readers stay on the
   * old content, and the store takes no update any more until it is opened anew.
   *
   * <p>What is pending is committed to the old file first. Updates and commits wait until it is
   * done, readers do not; open views and snapshots stay on the old file, which goes when its last
   * reader is done. The new store is opened as this one is, without the engine's own options where
   * it is another engine's. The swap is durable when this returns.
   *
   * @param successor makes the new content and what is published with it
   * @throws StorageException what the successor threw; else as {@link #defragment()}
   */
  public void replace(Successor successor) {
    exclusively(
        () -> {
          try {
            replacement.replace(successor);
          } catch (RuntimeException | Error e) {
            refuseUpdates(e);
            throw e;
          }
        });
  }

  private void refuseUpdates(Throwable failure) {
    commits.refuseUpdates(
        failure instanceof StorageException
            ? (StorageException) failure
            : StorageException.of(Code.IO, file, "could not be replaced: " + failure, failure));
  }

  /**
   * Takes no update any more, until the store is opened anew: what a host says whose log and store
   * do not go together any more. Views, snapshots and commits of what is pending go on.
   *
   * @param reason why; updates throw its code and its message
   */
  public void refuseUpdates(StorageException reason) {
    commits.refuseUpdates(reason);
  }

  /**
   * Whether it takes updates; for those who watch over it. Cheap, and waits for nothing.
   *
   * @return what an update would throw at this moment, whatever it writes; empty when it would be
   *     taken
   */
  public Optional<StorageException> refusal() {
    if (config.isReadOnly()) {
      return Optional.of(StorageException.of(Code.READ_ONLY, file, "is opened read-only"));
    }
    return commits.refusal();
  }

  private void exclusively(Runnable action) {
    if (config.isReadOnly()) {
      throw StorageException.of(Code.READ_ONLY, file, "is opened read-only");
    }
    updates.hold(
        () ->
            commits.quiet(
                () -> {
                  commits.all();
                  action.run();
                  return null;
                }));
  }

  /**
   * Commits what is pending, then closes. Idempotent; later calls throw {@code closed}.
   *
   * @throws StorageException when the commit did not succeed; the store is closed all the same
   */
  @Override
  public void close() {
    updates.checkNotInside();
    if (timer != null) {
      timer.close();
    }
    updates.hold(() -> commits.quiet(this::closeHeld));
  }

  private Void closeHeld() {
    Generation generation = versions.state().generation();
    try {
      if (generation.isOpen()) {
        commits.all();
      }
    } finally {
      replacement.close();
      generation.close();
    }
    return null;
  }
}
