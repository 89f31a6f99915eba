package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Where the sending thread of one stream waits: for its client, but not for ever, and not past the
 * end of the stream. Thread-safe.
 */
final class StreamGate {
  /** The stream is over for another reason than a failure of its image. */
  static final class Ended extends IOException {
    private static final long serialVersionUID = 1L;

    Ended(StorageException why) {
      super(why.getMessage(), why);
    }
  }

  private final long stallMillis;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private StorageException ended;

  StreamGate(long stallMillis) {
    this.stallMillis = stallMillis;
  }

  /** Waits until it holds; whoever changes what it looks at calls {@link #signal()}. */
  void await(BooleanSupplier until) throws Ended {
    lock.lock();
    try {
      long leftNanos = TimeUnit.MILLISECONDS.toNanos(stallMillis);
      while (ended == null && !until.getAsBoolean()) {
        if (leftNanos <= 0) {
          ended = stalled();
        } else {
          leftNanos = changed.awaitNanos(leftNanos);
        }
      }
    } catch (InterruptedException e) {
      ended = StorageException.of(Code.UNAVAILABLE, "the sending thread was interrupted");
    } finally {
      lock.unlock();
    }
    check();
  }

  /** Throws when the stream has ended. */
  void check() throws Ended {
    Optional<StorageException> why = ended();
    if (why.isPresent()) {
      throw new Ended(why.get());
    }
  }

  void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the stream; the first reason stays. */
  void end(StorageException why) {
    lock.lock();
    try {
      if (ended == null) {
        ended = why;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  Optional<StorageException> ended() {
    lock.lock();
    try {
      return Optional.ofNullable(ended);
    } finally {
      lock.unlock();
    }
  }

  private StorageException stalled() {
    return StorageException.of(
        Code.UNAVAILABLE, "the client took nothing for " + stallMillis + " ms; save again");
  }
}
