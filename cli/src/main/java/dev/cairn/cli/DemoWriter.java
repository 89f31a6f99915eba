package dev.cairn.cli;

import dev.cairn.etcd.EtcdPuts;
import dev.cairn.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Puts key after key, each durable before the next, until it is closed. */
final class DemoWriter implements AutoCloseable {
  private final EtcdPuts puts;
  private final AtomicLong written = new AtomicLong();
  private final CountDownLatch started = new CountDownLatch(1);
  private final Thread thread = new Thread(this::write, "demo-writer");
  private volatile boolean stop;
  private volatile RuntimeException failure;

  private DemoWriter(Store store) {
    puts = new EtcdPuts(store);
  }

  /** Returns when the first key is put. */
  static DemoWriter start(Store store) {
    DemoWriter writer = new DemoWriter(store);
    writer.thread.start();
    await(writer.started::await);
    return writer;
  }

  private void write() {
    try {
      while (!stop) {
        long number = written.get();
        puts.put(ascii("while-saving/%08d".formatted(number)), ascii("value " + number));
        written.incrementAndGet();
        started.countDown();
      }
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      started.countDown();
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  long written() {
    return written.get();
  }

  /** Stops it, and throws what it failed with. */
  @Override
  public void close() {
    stop = true;
    await(thread::join);
    if (failure != null) {
      throw failure;
    }
  }

  private interface Wait {
    void run() throws InterruptedException;
  }

  private static void await(Wait wait) {
    try {
      wait.run();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
