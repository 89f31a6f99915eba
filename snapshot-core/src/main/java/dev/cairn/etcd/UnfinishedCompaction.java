package dev.cairn.etcd;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A compaction that was scheduled and, when the snapshot was taken, not yet finished: a server
 * takes it up again at its start, and so does a restore. Of the changes up to its revision only the
 * newest of each key that lives then is kept.
 */
final class UnfinishedCompaction {
  private final long revision;
  private final Batch.Builder changes;
  private final Map<ByteBuffer, Revision> newest = new HashMap<>();
  private long dropped;

  private UnfinishedCompaction(long revision, Batch.Builder changes) {
    this.revision = revision;
    this.changes = changes;
  }

  /** Adds what finishes it to the changes; empty when there is none. */
  static Optional<String> finish(ReadView view, Batch.Builder changes) {
    long scheduled = EtcdView.scheduledCompaction(view);
    if (scheduled <= EtcdView.finishedCompaction(view)) {
      return Optional.empty();
    }
    UnfinishedCompaction compaction = new UnfinishedCompaction(scheduled, changes);
    compaction.walk(view);
    byte[] done = Revision.of(scheduled, 0).encode();
    changes.put(EtcdBuckets.META, EtcdView.FINISHED_COMPACTION, done);
    return Optional.of(
        "the compaction at revision %d that was under way is finished: %d old changes are dropped"
            .formatted(scheduled, compaction.dropped));
  }

  private void walk(ReadView view) {
    try (Cursor cursor = view.openCursor(EtcdBuckets.KEY)) {
      while (cursor.next()) {
        Revision at = Revision.decode(cursor.key());
        if (Long.compareUnsigned(at.main(), revision) > 0) {
          break;
        }
        ByteBuffer userKey = KeyValueScan.keyAt(at, cursor.value());
        ByteBuffer kept = ByteBuffer.allocate(userKey.remaining()).put(userKey).flip();
        drop(newest.put(kept, at));
      }
    }
    newest.values().stream().filter(Revision::tombstone).forEach(this::drop);
  }

  private void drop(Revision superseded) {
    if (superseded != null) {
      changes.delete(EtcdBuckets.KEY, superseded.encode());
      dropped++;
    }
  }
}
