package dev.cairn.engine.support;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The open views and snapshots of one backend, oldest first, and the limits they live under. A
 * sweep on a daemon thread runs only while something is pinned. Thread-safe.
 *
 * <p>Locks are taken in the order: a pin's calls, the backend's commit lock, this monitor. The
 * listener is called with none of them held.
 */
public final class Pins {
  /** A pin as old as this is told to the listener. */
  static final long HELD_MILLIS = 30_000;

  /** Taking a stack costs some microseconds, more than a short view does. */
  static final int STACKS_PER_SECOND_MAX = 1_000;

  private static final long SWEEP_MILLIS_MAX = 1_000;
  private static final System.Logger LOG = System.getLogger(Pins.class.getName());

  private final Path store;
  private final BackendConfig config;
  private final LongSupplier nanoClock;
  private final ScheduledThreadPoolExecutor sweeper;

  /** In the order of opening. */
  private final Set<Pin> open = new LinkedHashSet<>();

  /** Ended, and what they pin is not freed yet. */
  private final Set<Pin> ending = new HashSet<>();

  private final Queue<Runnable> events = new ArrayDeque<>();
  private long stackSecondNanos;
  private int stacks;
  private boolean sweeping;
  private boolean closed;
  private long revoked;

  /**
   * No pins yet.
   *
   * @param store whose they are, for messages
   * @param config holds the limits and the listener
   */
  public Pins(Path store, BackendConfig config) {
    this(store, config, System::nanoTime, Pins::daemon);
  }

  Pins(Path store, BackendConfig config, LongSupplier nanoClock, ThreadFactory sweepers) {
    this.store = store;
    this.config = config;
    this.nanoClock = nanoClock;
    stackSecondNanos = nanoClock.getAsLong();
    sweeper = new ScheduledThreadPoolExecutor(1, sweepers);
    sweeper.setKeepAliveTime(2 * SWEEP_MILLIS_MAX, TimeUnit.MILLISECONDS);
    sweeper.allowCoreThreadTimeOut(true);
    sweeper.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "cairn-pins");
    thread.setDaemon(true);
    return thread;
  }

  Path store() {
    return store;
  }

  /**
   * Registers a view or snapshot and enters it: the caller acquires what is pinned, says with
   * {@link Pin#releaseWith} how to free it, and exits; on failure it closes the pin and exits.
   *
   * @return a pin that is entered
   * @throws StorageException {@code closed}
   */
  public Pin begin() {
    long now = nanoClock.getAsLong();
    Pin pin = new Pin(this, now, takesStack(now) ? new Throwable("opened here") : null);
    pin.enter();
    synchronized (this) {
      if (closed) {
        throw StorageException.of(Code.CLOSED, store, "is closed");
      }
      sweepLater();
      open.add(pin);
      return pin;
    }
  }

  private synchronized boolean takesStack(long nowNanos) {
    if (nowNanos - stackSecondNanos >= 1_000_000_000L) {
      stackSecondNanos = nowNanos;
      stacks = 0;
    }
    stacks++;
    return stacks <= STACKS_PER_SECOND_MAX;
  }

  synchronized void ended(Pin pin) {
    open.remove(pin);
    ending.add(pin);
  }

  synchronized void released(Pin pin) {
    ending.remove(pin);
    notifyAll();
  }

  /**
   * Revokes pins, oldest first, until they keep no more than the bound. Called by the engine after
   * a commit. A pin in the middle of a call frees what it keeps when that call ends, so no second
   * one is revoked for it meanwhile. Calls no listener: {@link #tellListener} does.
   *
   * @param pinnedBytes what all pins keep at this moment
   * @param liveBytes what the newest version uses
   */
  public void enforce(LongSupplier pinnedBytes, long liveBytes) {
    long max = config.pinnedBytesMax(liveBytes);
    for (Pin oldest = revocable(); oldest != null; oldest = revocable()) {
      long bytes = pinnedBytes.getAsLong();
      if (bytes <= max) {
        return;
      }
      revoke(oldest, "pins keep " + bytes + " bytes, over pinnedBytesMax " + max);
      oldest.releaseIfIdle();
    }
  }

  /** The oldest that pins something, or null while what an ended one pins is still to be freed. */
  private synchronized Pin revocable() {
    if (ending.isEmpty()) {
      for (Pin pin : open) {
        if (pin.isAcquired()) {
          return pin;
        }
      }
    }
    return null;
  }

  private void revoke(Pin pin, String reason) {
    String what = "this view or snapshot was revoked: " + reason + "; open another";
    long ageMillis = age(pin);
    synchronized (this) {
      if (pin.end(new Pin.End(Code.EXPIRED, store, what))) {
        revoked++;
        events.add(() -> config.listener().pinRevoked(pin.openedAt(), ageMillis, reason));
      }
    }
  }

  /**
   * Calls the listener for what {@link #enforce} did. The caller holds no lock, so that a listener
   * which does what it must not do harms nobody else; the next sweep does it otherwise.
   */
  public void tellListener() {
    while (true) {
      Runnable event;
      synchronized (this) {
        event = events.poll();
      }
      if (event == null) {
        return;
      }
      try {
        event.run();
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "a backend listener failed", e);
      }
    }
  }

  /**
   * Ends every pin with {@code closed} and waits until what any of them pins is freed; that lets
   * the calls in progress end. The caller holds no lock that a release takes. A release may call
   * it, as that of the only view of a file does, and does not wait for itself. Idempotent.
   *
   * @throws IllegalStateException when called from within a call of a pin, which it would wait for
   */
  public void close() {
    checkNotInside();
    Pin.End reason = new Pin.End(Code.CLOSED, store, "is closed");
    List<Pin> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(open);
      // At the same moment: whoever is refused a new pin may count on the old ones being ended.
      all.forEach(pin -> pin.end(reason));
    }
    sweeper.shutdown();
    all.forEach(Pin::releaseIfIdle);
    awaitReleased();
  }

  private synchronized void awaitReleased() {
    boolean interrupted = false;
    while (!ending.stream().allMatch(Pin::isReleasedHere)) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void checkNotInside() {
    for (Set<Pin> each : List.of(open, ending)) {
      if (each.stream().anyMatch(Pin::isInsideHere)) {
        throw new IllegalStateException(store + " is closed from within a call of its own view");
      }
    }
  }

  /**
   * How many are open.
   *
   * @return 0 or more
   */
  public synchronized int count() {
    return open.size();
  }

  /**
   * How old the oldest is.
   *
   * @return milliseconds, 0 when there is none
   */
  public synchronized long oldestMillis() {
    return open.isEmpty() ? 0 : age(open.iterator().next());
  }

  /**
   * How many were revoked.
   *
   * @return 0 or more
   */
  public synchronized long revokedCount() {
    return revoked;
  }

  private long age(Pin pin) {
    return pin.ageMillis(nanoClock.getAsLong());
  }

  private void sweepLater() {
    if (!sweeping) {
      long ageMillisMax = config.pinMillisMax().orElse(HELD_MILLIS);
      long delayMillis = Math.max(1, Math.min(SWEEP_MILLIS_MAX, ageMillisMax / 4));
      sweeper.schedule(this::sweep, delayMillis, TimeUnit.MILLISECONDS);
      sweeping = true;
    }
  }

  /** Looks at the age of every pin. */
  void sweep() {
    List<Pin> all;
    synchronized (this) {
      all = new ArrayList<>(open);
    }
    try {
      all.forEach(this::look);
      tellListener();
    } finally {
      synchronized (this) {
        sweeping = false;
        if (!closed && !open.isEmpty()) {
          sweepLater();
        }
      }
    }
  }

  private void look(Pin pin) {
    long ageMillisMax = config.pinMillisMax().orElse(Long.MAX_VALUE);
    long ageMillis = age(pin);
    if (ageMillis >= ageMillisMax) {
      revoke(pin, "open for " + ageMillis + " ms, over pinMillisMax " + ageMillisMax);
      pin.releaseIfIdle();
    } else if (ageMillis >= HELD_MILLIS && pin.tellNow()) {
      synchronized (this) {
        events.add(() -> config.listener().pinHeld(pin.openedAt(), ageMillis));
      }
    }
  }
}
