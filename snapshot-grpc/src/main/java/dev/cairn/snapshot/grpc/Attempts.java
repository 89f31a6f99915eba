package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.util.concurrent.TimeUnit;

/** The rhythm in which a server that is not there is tried again, and when to give up. */
final class Attempts {
  private static final long FIRST_DELAY_MILLIS = 25;
  private static final long DELAY_MILLIS_MAX = 400;

  private final long untilNanos;
  private long delayMillis = FIRST_DELAY_MILLIS;

  Attempts(long dialMillis) {
    untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(dialMillis);
  }

  long untilNanos() {
    return untilNanos;
  }

  /** Waits before the next attempt; false when there is no time for one. */
  boolean again() {
    long delayNanos = TimeUnit.MILLISECONDS.toNanos(delayMillis);
    if (System.nanoTime() + delayNanos - untilNanos > 0) {
      return false;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(delayNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StorageException.of(Code.UNAVAILABLE, "interrupted while waiting for a server");
    }
    delayMillis = Math.min(DELAY_MILLIS_MAX, 2 * delayMillis);
    return true;
  }
}
