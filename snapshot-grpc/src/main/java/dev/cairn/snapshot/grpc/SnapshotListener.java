package dev.cairn.snapshot.grpc;

/**
 * Hears of the snapshots that a service sends: for counters and metrics. Called on the thread that
 * sent them, so it must return quickly. What it throws is logged and ignored.
 */
public interface SnapshotListener {
  /**
   * A snapshot was sent to its end.
   *
   * @param sizeBytes what was sent, its hash included
   * @param nanos how long it took, from the pin on
   */
  default void snapshotSent(long sizeBytes, long nanos) {}

  /**
   * A snapshot broke off, on whichever side.
   *
   * @param sizeBytes what was sent until then
   * @param nanos how long it took, from the pin on
   */
  default void snapshotFailed(long sizeBytes, long nanos) {}
}
