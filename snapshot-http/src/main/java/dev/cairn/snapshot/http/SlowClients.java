package dev.cairn.snapshot.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections whose client does not get a whole request across in time, however steadily its
 * bytes drip: an idle timeout alone begins anew with each of them. Thread-safe.
 */
final class SlowClients extends AbstractLifeCycle implements Connection.Listener {
  private static final long LOOK_MILLIS_MAX = 1_000;

  private final Scheduler scheduler;
  private final long requestMillisMax;
  private final Map<Connection, Long> deadlineNanos = new ConcurrentHashMap<>();
  private volatile Scheduler.Task next;

  SlowClients(Scheduler scheduler, long requestMillisMax) {
    this.scheduler = scheduler;
    this.requestMillisMax = requestMillisMax;
  }

  @Override
  public void onOpened(Connection connection) {
    // Beneath TLS there is a connection of its own, which stays open as long as the one above.
    if (!(connection instanceof SslConnection)) {
      expectRequest(connection);
    }
  }

  @Override
  public void onClosed(Connection connection) {
    deadlineNanos.remove(connection);
  }

  /** From now on it has its time for the next request. */
  void expectRequest(Connection connection) {
    if (connection.getEndPoint().isOpen()) {
      long limit = TimeUnit.MILLISECONDS.toNanos(requestMillisMax);
      deadlineNanos.put(connection, System.nanoTime() + limit);
    }
  }

  /** Its request is here. */
  void hasRequest(Connection connection) {
    deadlineNanos.remove(connection);
  }

  private void look() {
    long now = System.nanoTime();
    try {
      deadlineNanos.forEach((connection, deadline) -> closeLate(connection, deadline, now));
    } finally {
      schedule();
    }
  }

  private void closeLate(Connection connection, Long deadline, long now) {
    if (now - deadline > 0 && deadlineNanos.remove(connection, deadline)) {
      connection.close();
    }
  }

  private void schedule() {
    long delayMillis = Math.max(1, Math.min(LOOK_MILLIS_MAX, requestMillisMax / 2));
    next = scheduler.schedule(this::look, delayMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  protected void doStart() {
    schedule();
  }

  @Override
  protected void doStop() {
    Scheduler.Task task = next;
    if (task != null) {
      task.cancel();
    }
    deadlineNanos.clear();
  }
}
