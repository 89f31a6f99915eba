package dev.cairn.snapshot.http;

import dev.cairn.snapshot.grpc.SnapshotListener;
import dev.cairn.spi.BackendStats;
import dev.cairn.store.StoreListener;
import dev.cairn.store.StoreStats;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what a store and a service do, for {@code /metrics}: give it to the store as its listener
 * when it is opened, and to the gateway. Names are etcd's where etcd has one. Thread-safe.
 */
public final class StoreMetrics implements StoreListener, SnapshotListener {
  private final Histogram commits = new Histogram(0.001, 14);
  private final Histogram replacements = new Histogram(0.1, 13);
  private final Histogram snapshots = new Histogram(0.01, 17);
  private final LongAdder committedBytes = new LongAdder();
  private final LongAdder committedOperations = new LongAdder();
  private final LongAdder commitsFailed = new LongAdder();
  private final LongAdder snapshotsSent = new LongAdder();
  private final LongAdder snapshotsFailed = new LongAdder();
  private final LongAdder snapshotBytes = new LongAdder();
  private final LongAdder longPins = new LongAdder();

  /** All at zero. */
  public StoreMetrics() {}

  @Override
  public void committed(long updates, int operations, long sizeBytes, long nanos) {
    commits.add(nanos);
    committedOperations.add(operations);
    committedBytes.add(sizeBytes);
  }

  @Override
  public void commitFailed(Throwable failure) {
    commitsFailed.increment();
  }

  @Override
  public void replaced(Path file, long bytesBefore, long bytesAfter, long nanos) {
    replacements.add(nanos);
  }

  @Override
  public void pinHeld(String openedAt, long ageMillis) {
    longPins.increment();
  }

  @Override
  public void snapshotSent(long sizeBytes, long nanos) {
    snapshotsSent.increment();
    snapshotBytes.add(sizeBytes);
    snapshots.add(nanos);
  }

  @Override
  public void snapshotFailed(long sizeBytes, long nanos) {
    snapshotsFailed.increment();
    snapshotBytes.add(sizeBytes);
  }

  /** All figures as text, those of this moment among them. */
  String text(StoreStats stats) {
    Exposition text = new Exposition();
    writeBackend(stats.backend(), text);
    writeStore(stats, text);
    writeCommits(text);
    writeSnapshots(text);
    return text.toString();
  }

  private static void writeBackend(BackendStats backend, Exposition text) {
    text.gauge(
        "etcd_mvcc_db_total_size_in_bytes", "Length of the store's file.", backend.fileBytes());
    text.gauge(
        "etcd_mvcc_db_total_size_in_use_in_bytes",
        "Bytes of it that the newest version uses.",
        backend.liveBytes());
    text.gauge(
        "etcd_mvcc_db_open_read_transactions", "Open views and snapshots.", backend.pinsOpen());
    text.gauge(
        "cairn_oldest_pin_seconds",
        "Age of the oldest open view or snapshot.",
        backend.oldestPinMillis() / 1e3);
    text.gauge(
        "cairn_pinned_bytes",
        "Bytes that open views and snapshots keep from being reused.",
        backend.pinnedBytes());
    text.counter("cairn_pins_revoked_total", "Views and snapshots revoked.", backend.pinsRevoked());
  }

  private void writeStore(StoreStats stats, Exposition text) {
    text.counter("cairn_updates_total", "Updates that wrote something.", stats.updates());
    text.gauge(
        "cairn_pending_operations", "Writes that no commit carried.", stats.pendingOperations());
    text.gauge("cairn_pending_bytes", "Bytes of these writes.", stats.pendingBytes());
    text.gauge("cairn_retired_files", "Replaced files still read.", stats.retiredFiles());
    text.gauge("cairn_applied_index", "Applied position of readers.", stats.applied().index());
    text.gauge(
        "cairn_durable_applied_index",
        "Applied position that a crash cannot take back.",
        stats.durableApplied().index());
    text.counter(
        "cairn_pins_held_long_total", "Views and snapshots open for 30 s.", longPins.sum());
  }

  private void writeCommits(Exposition text) {
    text.histogram("etcd_disk_backend_commit_duration_seconds", "How long commits took.", commits);
    text.counter("cairn_commits_failed_total", "Commits that failed.", commitsFailed.sum());
    text.counter("cairn_committed_bytes_total", "Bytes committed.", committedBytes.sum());
    text.counter(
        "cairn_committed_operations_total", "Writes committed.", committedOperations.sum());
    text.histogram(
        "etcd_disk_backend_defrag_duration_seconds",
        "How long updates were held while the store's file was replaced.",
        replacements);
  }

  private void writeSnapshots(Exposition text) {
    text.histogram(
        "etcd_disk_backend_snapshot_duration_seconds",
        "How long snapshots took to be sent.",
        snapshots);
    text.counter("cairn_snapshots_sent_total", "Snapshots sent wholly.", snapshotsSent.sum());
    text.counter("cairn_snapshots_failed_total", "Snapshots broken off.", snapshotsFailed.sum());
    text.counter(
        "cairn_snapshot_sent_bytes_total", "Bytes of snapshots sent.", snapshotBytes.sum());
  }
}
