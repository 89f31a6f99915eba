package dev.cairn.store;

import dev.cairn.spi.ReadView;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The state of a store and how it moves. Thread-safe; reading it waits for nobody. */
final class Versions {
  private static final int ATTEMPTS = 3;

  private final ReentrantLock changes = new ReentrantLock();
  private volatile State state;

  Versions(State first) {
    state = first;
  }

  State state() {
    return state;
  }

  /**
   * Lets an update join what is pending; false when a bound says that a commit must come first.
   *
   * @param count how many updates it is
   */
  boolean join(StagedTx tx, Overlay staged, long count, long opsMax, long bytesMax) {
    changes.lock();
    try {
      Overlay active = state.active();
      boolean fits =
          active.operations() + (long) staged.operations() <= opsMax
              && active.sizeBytes() + staged.sizeBytes() <= bytesMax;
      if (!fits && !active.isEmpty()) {
        return false;
      }
      state = state.joined(tx, staged, count);
      return true;
    } finally {
      changes.unlock();
    }
  }

  /**
   * Seals what is pending, or returns what is sealed already; null when there is nothing. Only
   * whole updates are pending, so this comes between updates by itself. No update joins meanwhile:
   * when the hooks throw, nothing has happened.
   *
   * @param hooks adds to the pending writes
   */
  Sealed seal(Function<State, Overlay> hooks) {
    changes.lock();
    try {
      State now = state;
      if (now.sealed() == null && !now.active().isEmpty()) {
        Overlay all = now.active().then(hooks.apply(now));
        state = now.sealed(new Sealed(all, all.toBatch(), now.applied(), now.updates()));
      }
      return state.sealed();
    } finally {
      changes.unlock();
    }
  }

  /** Whether this thread runs a hook. */
  boolean isSealing() {
    return changes.isHeldByCurrentThread();
  }

  /** Replaces the state. */
  void change(UnaryOperator<State> change) {
    changes.lock();
    try {
      state = change.apply(state);
    } finally {
      changes.unlock();
    }
  }

  /** Pins the present state. */
  ReadView openView() {
    return retried(this::tryOpenView);
  }

  /** Pins the present state and does something while nothing else can become the present one. */
  ReadView openView(Runnable meanwhile) {
    changes.lock();
    try {
      ReadView view = openView();
      try {
        meanwhile.run();
        return view;
      } catch (RuntimeException | Error e) {
        view.close();
        throw e;
      }
    } finally {
      changes.unlock();
    }
  }

  /** Reads a state whose backend stays open meanwhile. */
  <T> T read(Function<State, T> reader) {
    return retried(() -> tryRead(reader));
  }

  /** Tries something that gives null when the state moved on meanwhile. */
  private <T> T retried(Supplier<T> attempt) {
    for (int i = 0; i < ATTEMPTS; i++) {
      T result = attempt.get();
      if (result != null) {
        return result;
      }
    }
    // It moves on too fast: keep it from doing so.
    changes.lock();
    try {
      T result = attempt.get();
      if (result == null) {
        throw Closed.exception("the store");
      }
      return result;
    } finally {
      changes.unlock();
    }
  }

  private <T> T tryRead(Function<State, T> reader) {
    State now = state;
    if (!now.generation().acquire()) {
      return null;
    }
    try {
      return reader.apply(now);
    } finally {
      now.generation().release();
    }
  }

  /**
   * Between two commits the backend view that is opened and the state that was read fit each other;
   * that no commit came in between is looked at afterwards.
   */
  private ReadView tryOpenView() {
    return tryRead(
        now -> {
          ReadView base = now.generation().backend().openView();
          if (now.sharesBase(state)) {
            now.generation().hold();
            return new MergedView(now.generation(), now.layers(), base);
          }
          base.close();
          return null;
        });
  }
}
