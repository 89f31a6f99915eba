package dev.cairn.testkit;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Fails when two threads use at once what one thread at a time may use. */
final class Turn {
  private final String what;
  private final AtomicReference<Thread> inside = new AtomicReference<>();

  Turn(String what) {
    this.what = what;
  }

  <T> T take(Supplier<T> call) {
    Thread me = Thread.currentThread();
    Thread other = inside.compareAndExchange(null, me);
    if (other != null) {
      throw new AssertionError(
          what + " is used by " + me.getName() + " while " + other.getName() + " is using it");
    }
    try {
      return call.get();
    } finally {
      inside.set(null);
    }
  }
}
