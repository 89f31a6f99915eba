package dev.cairn.engine.support;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Threads of a test, whose failures reach it. */
final class Threads implements AutoCloseable {
  private static final Set<Thread.State> STUCK =
      EnumSet.of(Thread.State.BLOCKED, Thread.State.WAITING, Thread.State.TIMED_WAITING);

  /** One thread and what came of it. */
  static final class Running {
    private final FutureTask<Void> task;
    private final Thread thread;

    private Running(FutureTask<Void> task) {
      this.task = task;
      thread = new Thread(task);
      thread.setDaemon(true);
      thread.start();
    }

    Thread thread() {
      return thread;
    }

    boolean isDone() {
      return task.isDone();
    }

    /** Until it waits for something. */
    void awaitStuck() {
      while (!STUCK.contains(thread.getState()) && !task.isDone()) {
        Thread.onSpinWait();
      }
    }

    void join() throws Exception {
      task.get();
    }
  }

  private final List<Running> all = new ArrayList<>();

  Running start(Callable<Void> what) {
    Running running = new Running(new FutureTask<>(what));
    all.add(running);
    return running;
  }

  Running run(Runnable what) {
    return start(
        () -> {
          what.run();
          return null;
        });
  }

  /** Waits for all of them. */
  void join() throws Exception {
    for (Running each : all) {
      each.join();
    }
  }

  @Override
  public void close() {
    all.forEach(each -> each.thread().interrupt());
  }
}
