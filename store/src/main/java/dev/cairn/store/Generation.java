package dev.cairn.store;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Engine;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A backend and those who read it. A replaced one is retired: it stays open until its last reader
 * is done, and what is to follow then runs on a thread of its own. Thread-safe.
 */
final class Generation {
  private final Engine engine;
  private final Backend backend;
  private final BackendConfig config;
  private final ReentrantLock closing = new ReentrantLock();
  private int holders;
  private Runnable afterLast;

  /** Set under the monitor; looked at by every read of every view. */
  private volatile boolean closed;

  Generation(Engine engine, Backend backend, BackendConfig config) {
    this.engine = engine;
    this.backend = backend;
    this.config = config;
  }

  Engine engine() {
    return engine;
  }

  Backend backend() {
    return backend;
  }

  /** How it was opened. */
  BackendConfig config() {
    return config;
  }

  /** Holds it open; false when it is closed or retired. */
  synchronized boolean acquire() {
    if (closed || afterLast != null) {
      return false;
    }
    holders++;
    return true;
  }

  /** Holds it open once more, where it is held or cannot be retired meanwhile. */
  synchronized void hold() {
    checkOpen();
    holders++;
  }

  synchronized void release() {
    holders--;
    if (isDone()) {
      Thread thread = new Thread(afterLast, "cairn-retire");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /**
   * Lets no new reader in and says what is to run when nobody reads any more: at once when that is
   * so now, else on a thread of its own, so that no reader is held up by it.
   */
  void retire(Runnable then) {
    synchronized (this) {
      afterLast = then;
      if (!isDone()) {
        return;
      }
    }
    then.run();
  }

  private boolean isDone() {
    return afterLast != null && holders == 0 && !closed;
  }

  /** Closes the backend, whoever still reads it; what they call next throws. Idempotent. */
  void close() {
    closing.lock();
    try {
      if (isOpen()) {
        backend.close();
        markClosed();
      }
    } finally {
      closing.unlock();
    }
  }

  private synchronized void markClosed() {
    closed = true;
  }

  boolean isOpen() {
    return !closed;
  }

  void checkOpen() {
    if (closed) {
      throw Closed.exception("the store");
    }
  }
}
