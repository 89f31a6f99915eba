package dev.cairn.io;

import java.util.concurrent.atomic.AtomicLong;

/** Interrupts a thread again and again from another one. */
final class Interrupter implements AutoCloseable {
  private final AtomicLong count = new AtomicLong();
  private final Thread thread;
  private volatile boolean done;

  Interrupter(Thread victim) {
    thread =
        new Thread(
            () -> {
              while (!done) {
                victim.interrupt();
                count.incrementAndGet();
                Thread.onSpinWait();
              }
            });
    thread.start();
    // On a busy machine its first turn may come after all that it is to disturb.
    while (count.get() == 0) {
      Thread.onSpinWait();
    }
  }

  long count() {
    return count.get();
  }

  @Override
  public void close() {
    done = true;
    boolean clean = false;
    while (!clean) {
      try {
        thread.join();
        clean = true;
      } catch (InterruptedException late) {
        // One of its own: it ends in a moment.
      }
    }
    Thread.interrupted();
  }
}
