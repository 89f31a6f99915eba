package dev.cairn.engine.support;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The open views and snapshots of one backend, oldest first, and the limits they live under. A
 * sweep on a daemon thread runs only while something is pinned. Thread-safe.
 */
public final class Pins {
  /** A pin as old as this is told to the listener. */
  static final long HELD_MILLIS = 30_000;

  private static final long SWEEP_MILLIS_MAX = 1_000;
  private static final System.Logger LOG = System.getLogger(Pins.class.getName());

  private final Path store;
  private final BackendConfig config;
  private final Set<Pin> open = new LinkedHashSet<>();
  private final ScheduledThreadPoolExecutor sweeper;
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
    this.store = store;
    this.config = config;
    sweeper = new ScheduledThreadPoolExecutor(1, Pins::daemon);
    sweeper.setKeepAliveTime(2 * SWEEP_MILLIS_MAX, TimeUnit.MILLISECONDS);
    sweeper.allowCoreThreadTimeOut(true);
    sweeper.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "cairn-pins");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Registers a view or snapshot and enters it: the caller acquires what is pinned, says with
   * {@link Pin#releaseWith} how to free it, and exits; on failure it closes the pin and exits.
   *
   * @return a pin that is entered
   * @throws StorageException {@code closed}
   */
  public Pin begin() {
    synchronized (this) {
      if (closed) {
        throw StorageException.of(Code.CLOSED, store, "is closed");
      }
      Pin pin = new Pin(this, System.nanoTime());
      pin.enter();
      open.add(pin);
      sweepLater();
      return pin;
    }
  }

  synchronized void forget(Pin pin) {
    open.remove(pin);
  }

  /**
   * Revokes pins, oldest first, until they keep no more than the bound. Called by the engine after
   * a commit. A pin in the middle of a call frees what it keeps when that call ends, so no second
   * one is revoked for it meanwhile.
   *
   * @param pinnedBytes what all pins keep at this moment
   * @param liveBytes what the newest version uses
   */
  public void enforce(LongSupplier pinnedBytes, long liveBytes) {
    long max = config.pinnedBytesMax(liveBytes);
    Pin oldest = oldest();
    while (oldest != null) {
      long bytes = pinnedBytes.getAsLong();
      if (bytes <= max) {
        return;
      }
      String reason = "pins keep " + bytes + " bytes, over pinnedBytesMax " + max;
      if (revoke(oldest, reason) && !oldest.releaseIfIdle()) {
        return;
      }
      oldest = oldest();
    }
  }

  private boolean revoke(Pin pin, String reason) {
    StorageException expired =
        StorageException.of(
            Code.EXPIRED, store, "this view or snapshot was revoked: " + reason + "; open another");
    if (!pin.end(expired)) {
      return false;
    }
    synchronized (this) {
      revoked++;
    }
    tell(() -> config.listener().pinRevoked(pin.openedAt(), age(pin), reason));
    return true;
  }

  /** Ends every pin with {@code closed} and waits for the calls in progress. Idempotent. */
  public void close() {
    List<Pin> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(open);
    }
    sweeper.shutdown();
    StorageException reason = StorageException.of(Code.CLOSED, store, "is closed");
    for (Pin pin : all) {
      pin.end(reason);
      pin.releaseWhenIdle();
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
  public long oldestMillis() {
    Pin oldest = oldest();
    return oldest == null ? 0 : age(oldest);
  }

  /**
   * How many were revoked.
   *
   * @return 0 or more
   */
  public synchronized long revokedCount() {
    return revoked;
  }

  private synchronized Pin oldest() {
    return open.isEmpty() ? null : open.iterator().next();
  }

  private static long age(Pin pin) {
    return pin.ageMillis(System.nanoTime());
  }

  private synchronized void sweepLater() {
    if (!sweeping && !closed && !open.isEmpty()) {
      sweeping = true;
      long ageMillisMax = config.pinMillisMax().orElse(HELD_MILLIS);
      long delayMillis = Math.max(1, Math.min(SWEEP_MILLIS_MAX, ageMillisMax / 4));
      sweeper.schedule(this::sweep, delayMillis, TimeUnit.MILLISECONDS);
    }
  }

  private void sweep() {
    List<Pin> all;
    synchronized (this) {
      sweeping = false;
      all = new ArrayList<>(open);
    }
    long ageMillisMax = config.pinMillisMax().orElse(Long.MAX_VALUE);
    for (Pin pin : all) {
      long ageMillis = age(pin);
      if (ageMillis >= ageMillisMax) {
        String reason = "open for " + ageMillis + " ms, over pinMillisMax " + ageMillisMax;
        if (revoke(pin, reason)) {
          pin.releaseIfIdle();
        }
      } else if (ageMillis >= HELD_MILLIS && pin.tellNow()) {
        tell(() -> config.listener().pinHeld(pin.openedAt(), ageMillis));
      }
    }
    sweepLater();
  }

  private static void tell(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a backend listener failed", e);
    }
  }
}
