package dev.cairn.snapshot.grpc;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Runs the callbacks of one call on the thread that waits for them: what comes in is parsed, hashed
 * and written where it is wanted, without a hand-over, and nothing is parsed before it is wanted.
 */
final class CallbackQueue implements Executor {
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private volatile boolean abandoned;

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (abandoned) {
      drain();
    }
  }

  /** Runs the next callback when one comes in time; false when none did. */
  boolean runNext(long waitNanos) throws InterruptedException {
    Runnable task = tasks.poll(waitNanos, TimeUnit.NANOSECONDS);
    if (task != null) {
      task.run();
    }
    return task != null;
  }

  /** Nobody waits any more: what comes now runs at once, so that it can free its buffers. */
  void abandon() {
    abandoned = true;
    drain();
  }

  private void drain() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }
}
