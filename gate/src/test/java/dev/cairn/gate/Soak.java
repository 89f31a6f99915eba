package dev.cairn.gate;

import dev.cairn.testkit.TestRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Jobs that run beside each other, each over and over, until the time is over or one fails. */
final class Soak {
  /** One round of a job; any number of them may have the same name and share a count. */
  interface Job {
    void run() throws Exception;
  }

  private record Named(String name, Job job, long pauseMillis) {}

  private final List<Named> jobs = new ArrayList<>();
  private final Map<String, AtomicLong> rounds = new LinkedHashMap<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean ended;

  /** Adds a job; between two rounds it pauses. */
  Soak with(String name, long pauseMillis, Job job) {
    rounds.putIfAbsent(name, new AtomicLong());
    jobs.add(new Named(name, job, pauseMillis));
    return this;
  }

  /** Runs all jobs for a while, and ends them: each finishes its round. */
  void run(long millis) throws InterruptedException {
    ended = false;
    List<Thread> threads = new ArrayList<>();
    for (Named each : jobs) {
      Thread thread = new Thread(() -> repeat(each), "soak-" + each.name);
      threads.add(thread);
      thread.start();
    }
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (failure.get() == null && System.nanoTime() - untilNanos < 0) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    ended = true;
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new AssertionError("a job failed", failure.get());
    }
  }

  private void repeat(Named each) {
    try {
      // Once at least, also where the time is over before this thread has its first turn.
      do {
        each.job.run();
        rounds.get(each.name).incrementAndGet();
        TimeUnit.MILLISECONDS.sleep(each.pauseMillis);
      } while (!ended);
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  /** How often each job ran. */
  void report(String where) {
    rounds.forEach((name, count) -> TestRun.report("soak " + where + ", " + name, count.get()));
  }

  long rounds(String name) {
    return rounds.get(name).get();
  }
}
