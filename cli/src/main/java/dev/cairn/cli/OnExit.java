package dev.cairn.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stops a piece of work when the process is told to end before it is done, and gives it a moment to
 * take its unfinished files away.
 */
final class OnExit {
  private static final long PATIENCE_SECONDS = 5;

  /** What may be stopped. */
  interface Work<T, E extends Exception> {
    T run() throws E;
  }

  private OnExit() {}

  /**
   * Runs the work on this thread.
   *
   * @param stop makes the work fail soon; runs on another thread, when a signal ends the process
   */
  static <T, E extends Exception> T during(Work<T, E> work, Runnable stop) throws E {
    CountDownLatch done = new CountDownLatch(1);
    Thread hook = new Thread(() -> stopAndWait(stop, done), "cairn-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return work.run();
    } finally {
      done.countDown();
      forget(hook);
    }
  }

  private static void stopAndWait(Runnable stop, CountDownLatch done) {
    stop.run();
    try {
      done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException endingAlready) {
      // Then the hook runs, and has just been told.
    }
  }
}
