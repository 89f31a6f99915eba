package dev.cairn.raft;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;

/** How far the log is agreed on, and which snapshot is durable in it. Thread-safe. */
final class Persisted {
  private long commit;
  private long snapshotIndex;
  private boolean closed;

  Persisted(long commit, long snapshotIndex) {
    this.commit = commit;
    this.snapshotIndex = snapshotIndex;
  }

  synchronized long commit() {
    return commit;
  }

  synchronized void commit(long index) {
    commit = Long.compareUnsigned(index, commit) > 0 ? index : commit;
  }

  synchronized void snapshot(long index) {
    snapshotIndex = index;
    notifyAll();
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** An interrupt is kept for the caller. */
  synchronized void await(long index) {
    boolean interrupted = false;
    while (!closed && Long.compareUnsigned(snapshotIndex, index) < 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (Long.compareUnsigned(snapshotIndex, index) < 0) {
      throw StorageException.of(
          Code.CLOSED, "the member was closed before snapshot " + index + " was persisted");
    }
  }
}
