package dev.cairn.snapshot.grpc;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a stream keeps pinned. {@link #close()} may come from any thread, also while the sending one
 * is about to pin more: that is then let go at once. Thread-safe.
 */
final class Holdings implements ImageSource.Holder, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Holdings.class.getName());

  private final Deque<AutoCloseable> held = new ArrayDeque<>();
  private boolean closed;
  private volatile String version = "";

  @Override
  public <T extends AutoCloseable> T hold(T pinned) {
    boolean late;
    synchronized (this) {
      late = closed;
      if (!late) {
        held.push(pinned);
      }
    }
    if (late) {
      closeQuietly(pinned);
    }
    return pinned;
  }

  @Override
  public void version(String storageVersion) {
    version = storageVersion;
  }

  String version() {
    return version;
  }

  /** The last one held goes first. Idempotent. */
  @Override
  public void close() {
    for (AutoCloseable next = takeNext(); next != null; next = takeNext()) {
      closeQuietly(next);
    }
  }

  private synchronized AutoCloseable takeNext() {
    closed = true;
    return held.poll();
  }

  /** A failing close must not turn a stream that went through into a failed one. */
  private static void closeQuietly(AutoCloseable pinned) {
    try {
      pinned.close();
    } catch (Exception e) {
      LOG.log(Level.WARNING, "closing a snapshot failed", e);
    }
  }
}
