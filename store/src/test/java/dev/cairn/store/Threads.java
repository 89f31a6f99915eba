package dev.cairn.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Threads of a test; what they throw fails it, and nothing waits forever. */
final class Threads {
  private static final long HANG_SECONDS = 300;

  /** What a thread does. */
  interface Task {
    void run() throws Exception;
  }

  private Threads() {}

  static CompletableFuture<Void> start(Task task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
                done.complete(null);
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  static List<CompletableFuture<Void>> start(int count, java.util.function.IntFunction<Task> task) {
    List<CompletableFuture<Void>> started = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      started.add(start(task.apply(i)));
    }
    return started;
  }

  static void join(CompletableFuture<Void> thread) {
    try {
      thread.get(HANG_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("a thread failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException | InterruptedException e) {
      throw new AssertionError("a thread hangs", e);
    }
  }

  static void join(List<CompletableFuture<Void>> threads) {
    threads.forEach(Threads::join);
  }

  /** Waits, interrupted or not. */
  static void await(CountDownLatch latch) {
    awaitTrue(() -> latch.getCount() == 0);
  }

  /** Waits until something holds. */
  static void awaitTrue(BooleanSupplier condition) {
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(HANG_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > endNanos) {
        throw new AssertionError("never came true");
      }
      Thread.yield();
    }
  }
}
