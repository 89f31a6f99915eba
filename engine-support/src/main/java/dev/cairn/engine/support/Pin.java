package dev.cairn.engine.support;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One open view or snapshot. Each of its calls runs between {@link #enter()} and {@link #exit()},
 * so that what it pins is freed exactly once and never under a call in progress, whoever closes it.
 * Thread-safe.
 *
 * <p>A call that blocks on somebody else (a sink) must not be inside: enter and exit per chunk.
 */
public final class Pin {
  private static final System.Logger LOG = System.getLogger(Pin.class.getName());

  /** Why it has ended; an exception is made of it only where one is thrown. */
  record End(Code code, Path store, String what) {
    StorageException failure() {
      return StorageException.of(code, store, what);
    }
  }

  private final Pins pins;
  private final long openedNanos;
  private final Throwable openedAt;
  private final ReentrantLock calls = new ReentrantLock();

  private volatile End ended;
  private volatile boolean acquired;
  private Runnable release = () -> {};
  private boolean released;
  private boolean told;

  Pin(Pins pins, long openedNanos, Throwable openedAt) {
    this.pins = pins;
    this.openedNanos = openedNanos;
    this.openedAt = openedAt;
  }

  /**
   * Starts a call; waits for a call of another thread.
   *
   * @throws StorageException {@code closed} or {@code expired}
   */
  public void enter() {
    calls.lock();
    if (ended != null) {
      exit();
      check();
    }
  }

  /** Ends a call that {@link #enter()} started. */
  public void exit() {
    try {
      if (ended != null) {
        releaseOnce();
      }
    } finally {
      calls.unlock();
    }
    // An end that came between the look and the unlock found the lock taken: look again.
    if (ended != null) {
      releaseIfIdle();
    }
  }

  /**
   * For calls that touch nothing that is freed: one volatile read.
   *
   * @throws StorageException {@code closed} or {@code expired}
   */
  public void check() {
    End end = ended;
    if (end != null) {
      throw end.failure();
    }
  }

  /**
   * Says what is to be freed. Called inside, once, by the opener.
   *
   * @param what runs once, with no call in progress; must not throw. It may take the commit lock
   */
  public void releaseWith(Runnable what) {
    release = what;
    acquired = true;
  }

  /** Closes it; what is pinned is freed now, or by the call in progress when that ends. */
  public void close() {
    end(new End(Code.CLOSED, pins.store(), "this view or snapshot is closed"));
    releaseIfIdle();
  }

  /** Ends it for a reason; false when it had ended before. */
  boolean end(End reason) {
    synchronized (pins) {
      if (ended != null) {
        return false;
      }
      ended = reason;
      pins.ended(this);
      return true;
    }
  }

  /** Frees what is pinned unless a call is in progress, which then does it. */
  void releaseIfIdle() {
    if (calls.tryLock()) {
      try {
        releaseOnce();
      } finally {
        calls.unlock();
      }
    }
  }

  /** Only when the outermost call of a thread ends. */
  private void releaseOnce() {
    if (released || calls.getHoldCount() > 1) {
      return;
    }
    released = true;
    Runnable what = release;
    release = null;
    try {
      what.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a view or snapshot could not be freed", e);
    } finally {
      pins.released(this);
    }
  }

  /** Whether there is something to be freed; not so while its opener is still at it. */
  boolean isAcquired() {
    return acquired;
  }

  boolean isInsideHere() {
    return calls.isHeldByCurrentThread() && !released;
  }

  /** Whether this thread is at it and cannot wait for itself. */
  boolean isReleasedHere() {
    return calls.isHeldByCurrentThread() && released;
  }

  long ageMillis(long nowNanos) {
    return (nowNanos - openedNanos) / 1_000_000;
  }

  String openedAt() {
    if (openedAt == null) {
      return "not recorded: over " + Pins.STACKS_PER_SECOND_MAX + " were opened in that second";
    }
    StringBuilder text = new StringBuilder();
    for (StackTraceElement frame : openedAt.getStackTrace()) {
      if (!frame.getClassName().equals(Pins.class.getName())) {
        text.append(text.length() == 0 ? "" : "\n").append(frame);
      }
    }
    return text.toString();
  }

  /** True once: whether the listener is still to be told of its age. For the sweep alone. */
  boolean tellNow() {
    boolean first = !told;
    told = true;
    return first;
  }
}
