package dev.cairn.testkit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.function.Executable;

/** Threads of a test: what goes wrong in one fails the test. */
final class Tasks {
  /** No test waits this long unless something hangs. */
  static final long HANG_SECONDS = 300;

  private Tasks() {}

  /** Starts a daemon thread; its end or failure is the future's. */
  static CompletableFuture<Void> start(String name, Executable task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                task.execute();
                done.complete(null);
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  /** Waits for a started task and throws what it threw. */
  static void join(CompletableFuture<Void> task) throws InterruptedException {
    join(task, 1);
  }

  /** Waits for a task of so many parts, each of which ends unless something hangs. */
  static void join(CompletableFuture<Void> task, int parts) throws InterruptedException {
    try {
      task.get(HANG_SECONDS * parts, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("in another thread: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("a thread hangs", e);
    }
  }

  static void inNewThread(Executable task) throws InterruptedException {
    join(start("contract", task));
  }
}
