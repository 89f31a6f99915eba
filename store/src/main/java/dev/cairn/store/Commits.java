package dev.cairn.store;

import dev.cairn.spi.BackendConfig.Durability;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Carries what is pending to the backend, one commit at a time. Whoever waits for an update and
 * gets the turn commits everything that is pending by then: the others find theirs done.
 */
final class Commits {
  private static final System.Logger LOG = System.getLogger(Commits.class.getName());

  private final Path file;
  private final Versions versions;
  private final List<CommitHook> hooks;
  private final StoreListener listener;
  private final boolean sync;
  private final Turns turns = new Turns();

  private volatile StorageException stopped;
  private volatile StorageException refused;
  private volatile StorageException closedToUpdates;
  private volatile Applied durableApplied;
  private volatile long commitCount;
  private Applied committedApplied;
  private volatile long committedUpdates;

  Commits(Path file, Versions versions, StoreConfig config) {
    this.file = file;
    this.versions = versions;
    this.hooks = config.hooks();
    this.listener = config.listener();
    this.sync = config.backend().durability() == Durability.SYNC;
    restart(versions.state());
  }

  /** Goes on from a state that is wholly in its backend, durably. */
  void restart(State state) {
    committedUpdates = state.updates();
    committedApplied = state.applied();
    durableApplied = state.applied();
  }

  /** Refuses what cannot be carried. With updates or commits held, so that nothing is replaced. */
  private void checkRunning() {
    versions.state().generation().checkOpen();
    checkNotStopped();
  }

  /** Refuses what comes after a failure. */
  void checkNotStopped() {
    StorageException reason = stopped;
    if (reason != null) {
      String what = "stopped after a failure, reopen it: " + reason.getMessage();
      throw StorageException.of(reason.code(), file, what, reason);
    }
  }

  /** Refuses updates also while a commit that found no space waits; with updates held. */
  void checkAccepting() {
    checkRunning();
    StorageException reason = refused;
    if (reason != null) {
      String what = "takes no update until a commit succeeds: " + reason.getMessage();
      throw StorageException.of(reason.code(), file, what, reason);
    }
    StorageException last = closedToUpdates;
    if (last != null) {
      String what = "takes no update any more, reopen it: " + last.getMessage();
      throw StorageException.of(last.code(), file, what, last);
    }
  }

  /** Why an update would be refused at this moment. */
  Optional<StorageException> refusal() {
    try {
      checkAccepting();
      return Optional.empty();
    } catch (StorageException e) {
      return Optional.of(e);
    }
  }

  /** From now on no update is accepted; the first reason stays. */
  void refuseUpdates(StorageException reason) {
    if (closedToUpdates == null) {
      closedToUpdates = reason;
    }
  }

  /** Refuses calls of hooks and listeners, which would wait for themselves or for each other. */
  void checkNotInside() {
    if (turns.isMine() || versions.isSealing()) {
      throw new IllegalStateException("called from inside a hook or listener of the same store");
    }
  }

  Applied durableApplied() {
    return durableApplied;
  }

  long commitCount() {
    return commitCount;
  }

  /** Commits all that is pending at this moment. */
  void all() {
    long updates = versions.state().updates();
    turns.runUnless(() -> false, () -> commitUntil(updates));
  }

  /** As {@link #all()}, in the background: a disk that was full is left to the caller's commit. */
  void allQuietly() {
    if (stopped == null && refused == null) {
      all();
    }
  }

  /** Returns when an update is in the backend, by the commit of this thread or of another. */
  void through(long update) {
    turns.runUnless(() -> committedUpdates >= update, () -> commitUntil(update));
  }

  private void commitUntil(long update) {
    checkRunning();
    while (committedUpdates < update) {
      one();
    }
  }

  /**
   * Makes room for an update: seals what is pending, for somebody to commit, or sees to it that
   * what is sealed already gets committed.
   */
  void makeRoom() {
    Sealed sealed = versions.state().sealed();
    if (sealed == null) {
      seal();
    } else {
      through(sealed.updates());
    }
  }

  private void one() {
    Sealed sealed = seal();
    long startNanos = System.nanoTime();
    try {
      versions.state().generation().backend().commit(sealed.batch());
    } catch (RuntimeException | Error e) {
      throw failed(e);
    }
    long nanos = System.nanoTime() - startNanos;
    versions.change(State::committed);
    long updates = sealed.updates() - committedUpdates;
    committed(sealed);
    int operations = sealed.batch().operationCount();
    tell(each -> each.committed(updates, operations, sealed.batch().sizeBytes(), nanos));
  }

  private void committed(Sealed sealed) {
    refused = null;
    commitCount++;
    committedUpdates = sealed.updates();
    committedApplied = sealed.applied();
    if (sync) {
      durableApplied = committedApplied;
    }
  }

  private Sealed seal() {
    try {
      return versions.seal(this::runHooks);
    } catch (RuntimeException | Error e) {
      tell(each -> each.commitFailed(e));
      throw e;
    }
  }

  private Overlay runHooks(State state) {
    if (hooks.isEmpty()) {
      return Overlay.EMPTY;
    }
    long room =
        state.generation().engine().info().limits().batchBytesMax() - state.active().sizeBytes();
    try (StagedTx tx = new StagedTx(state, room, Optional.empty())) {
      for (CommitHook hook : hooks) {
        hook.beforeCommit(tx);
      }
      return tx.finish();
    }
  }

  /** A full disk leaves the sealed writes where they are; anything else ends the store's work. */
  private RuntimeException failed(Throwable failure) {
    tell(each -> each.commitFailed(failure));
    if (failure instanceof StorageException && ((StorageException) failure).code() == Code.FULL) {
      refused = (StorageException) failure;
      return refused;
    }
    return stop(failure);
  }

  /** Ends the store's work; what is open keeps reading. */
  StorageException stop(Throwable failure) {
    StorageException reason =
        failure instanceof StorageException
            ? (StorageException) failure
            : StorageException.of(Code.IO, file, "a commit failed: " + failure, failure);
    if (stopped == null) {
      stopped = reason;
    }
    return reason;
  }

  /** Makes everything before it durable. */
  void sync() {
    turns.runUnless(() -> false, this::syncInTurn);
  }

  private void syncInTurn() {
    all();
    try {
      versions.state().generation().backend().sync();
    } catch (RuntimeException | Error e) {
      throw stop(e);
    }
    durableApplied = committedApplied;
  }

  /** Commits what is pending and pins that commit twice before the next one can start. */
  StoreSnapshot snapshot() {
    return quiet(this::snapshotInTurn);
  }

  private StoreSnapshot snapshotInTurn() {
    all();
    Generation generation = versions.state().generation();
    Snapshot image = HeldSnapshot.open(generation);
    try {
      return new StoreSnapshot(image, MergedView.open(generation), committedApplied);
    } catch (RuntimeException | Error e) {
      image.close();
      throw e;
    }
  }

  /** Runs something while no commit runs. */
  <T> T quiet(Supplier<T> action) {
    return turns.run(action);
  }

  void tell(Consumer<StoreListener> event) {
    try {
      event.accept(listener);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a store listener failed", e);
    }
  }
}
