package dev.cairn.engine.support;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One open view or snapshot. Each of its calls runs between {@link #enter()} and {@link #exit()},
 * so that what it pins is freed exactly once and never under a call in progress, whoever closes it.
 *
 * <p>A call that blocks on somebody else (a sink) must not be inside: enter and exit per chunk.
 */
public final class Pin {
  private final Pins pins;
  private final long openedNanos;
  private final Throwable openedAt = new Throwable("opened here");
  private final ReentrantLock calls = new ReentrantLock();

  private volatile StorageException ended;
  private boolean told;
  private boolean released;
  private Runnable release = () -> {};

  Pin(Pins pins, long openedNanos) {
    this.pins = pins;
    this.openedNanos = openedNanos;
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
    if (ended != null) {
      releaseOnce();
    }
    calls.unlock();
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
    StorageException end = ended;
    if (end != null) {
      throw StorageException.of(end.code(), end.getMessage());
    }
  }

  /**
   * Says what is to be freed. Called inside, once, by the opener.
   *
   * @param what runs once, with no call in progress; must not throw
   */
  public void releaseWith(Runnable what) {
    release = what;
  }

  /** Closes it; what is pinned is freed now, or by the call in progress when that ends. */
  public void close() {
    end(StorageException.of(Code.CLOSED, "this view or snapshot is closed"));
    releaseIfIdle();
  }

  /** Ends it for a reason; false when it had ended before. */
  boolean end(StorageException reason) {
    synchronized (this) {
      if (ended != null) {
        return false;
      }
      ended = reason;
    }
    pins.forget(this);
    return true;
  }

  /** Frees what is pinned unless a call is in progress, which then does it. */
  boolean releaseIfIdle() {
    if (!calls.tryLock()) {
      return false;
    }
    try {
      releaseOnce();
      return true;
    } finally {
      calls.unlock();
    }
  }

  /** Frees what is pinned after the call in progress. */
  void releaseWhenIdle() {
    calls.lock();
    try {
      releaseOnce();
    } finally {
      calls.unlock();
    }
  }

  private void releaseOnce() {
    // Only when the outermost call ends: a view's cursor calls nest in nothing today, but may.
    if (!released && calls.getHoldCount() == 1) {
      released = true;
      release.run();
    }
  }

  long ageMillis(long nowNanos) {
    return (nowNanos - openedNanos) / 1_000_000;
  }

  String openedAt() {
    StringBuilder text = new StringBuilder();
    for (StackTraceElement frame : openedAt.getStackTrace()) {
      if (!frame.getClassName().startsWith(Pin.class.getPackageName() + ".Pin")) {
        text.append(text.length() == 0 ? "" : "\n").append(frame);
      }
    }
    return text.toString();
  }

  /** True once: whether the listener is still to be told of its age. */
  boolean tellNow() {
    boolean first = !told;
    told = true;
    return first;
  }
}
