package dev.cairn.store;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One thread at a time has the turn, and may take it again within. Unlike behind a lock, all who
 * wait look up when a turn ends: what they wanted may have been done by another, and then they go
 * on at once, however busy the others are. Waiting is not interruptible.
 */
final class Turns {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private volatile Thread owner;
  private int depth;

  boolean isMine() {
    return owner == Thread.currentThread();
  }

  /** Runs something in a turn of its own, or within the one that this thread has. */
  <T> T run(Supplier<T> action) {
    take(() -> false);
    try {
      return action.get();
    } finally {
      give();
    }
  }

  /** As {@link #run}, unless it turns out while waiting that nothing is left to do. */
  void runUnless(BooleanSupplier done, Runnable action) {
    if (take(done)) {
      try {
        action.run();
      } finally {
        give();
      }
    }
  }

  private boolean take(BooleanSupplier done) {
    lock.lock();
    try {
      while (owner != null && !isMine() && !done.getAsBoolean()) {
        ended.awaitUninterruptibly();
      }
      if (done.getAsBoolean()) {
        return false;
      }
      owner = Thread.currentThread();
      depth++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void give() {
    lock.lock();
    try {
      depth--;
      if (depth == 0) {
        owner = null;
        ended.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }
}
