package dev.cairn.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Commits in the background, a while after the first pending write or when enough is pending. Its
 * daemon thread runs from {@link #start} to {@link #close}.
 */
final class BatchTimer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(BatchTimer.class.getName());

  private final long delayNanosMax;
  private final Runnable commit;
  private final Thread thread = new Thread(this::run, "cairn-commit");
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean pending;
  private boolean enough;
  private boolean closed;

  private BatchTimer(long delayMillisMax, Runnable commit) {
    delayNanosMax = TimeUnit.MILLISECONDS.toNanos(delayMillisMax);
    this.commit = commit;
  }

  static BatchTimer start(long delayMillisMax, Runnable commit) {
    BatchTimer timer = new BatchTimer(delayMillisMax, commit);
    timer.thread.setDaemon(true);
    timer.thread.start();
    return timer;
  }

  /** Something is pending; with {@code isEnough} it is committed at once. */
  void wake(boolean isEnough) {
    lock.lock();
    try {
      if (!pending || (isEnough && !enough)) {
        pending = true;
        enough = enough || isEnough;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (awaitBatch()) {
      try {
        commit.run();
      } catch (RuntimeException | Error e) {
        // The listener was told, and the next update or commit of a caller hears of it.
        LOG.log(System.Logger.Level.WARNING, "a commit in the background failed", e);
      }
    }
  }

  /** Waits for the next batch; false when closed. */
  private boolean awaitBatch() {
    lock.lock();
    try {
      while (!pending && !closed) {
        changed.awaitUninterruptibly();
      }
      long leftNanos = delayNanosMax;
      while (!enough && !closed && leftNanos > 0) {
        leftNanos = awaitNanos(leftNanos);
      }
      pending = false;
      enough = false;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private long awaitNanos(long nanos) {
    try {
      return changed.awaitNanos(nanos);
    } catch (InterruptedException nobodyInterruptsThisThread) {
      return 0;
    }
  }

  /** Ends the thread, after a commit in progress. What is pending stays so. Idempotent. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive() && thread != Thread.currentThread()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
