package dev.cairn.cli;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Stops a piece of work that has not ended in time; closed when it has. */
final class Deadline implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer;
  private volatile boolean passed;

  /**
   * Starts the clock.
   *
   * @param span how long; null for ever
   * @param stop makes the work fail soon; runs on another thread
   */
  Deadline(Duration span, Runnable stop) {
    if (span == null) {
      timer = null;
      return;
    }
    timer = new ScheduledThreadPoolExecutor(1, work -> daemon(work));
    timer.schedule(() -> pass(stop), span.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "cairn-deadline");
    thread.setDaemon(true);
    return thread;
  }

  private void pass(Runnable stop) {
    passed = true;
    stop.run();
  }

  /** Whether the work was stopped. */
  boolean passed() {
    return passed;
  }

  @Override
  public void close() {
    if (timer != null) {
      timer.shutdownNow();
    }
  }
}
