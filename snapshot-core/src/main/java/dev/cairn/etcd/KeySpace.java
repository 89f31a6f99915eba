package dev.cairn.etcd;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * What a key space comes to: where its revisions stand and how much is in it, but not what.
 *
 * @param currentRevision that a server on this content is at, from 1 on
 * @param compactRevision up to which it is compacted, a compaction under way included; 0: never
 * @param scheduledCompaction the revision of a compaction that is under way; empty without one
 * @param entries how many changes it has
 * @param tombstones how many of them are deletions
 * @param liveKeys how many keys a client sees
 */
public record KeySpace(
    long currentRevision,
    long compactRevision,
    OptionalLong scheduledCompaction,
    long entries,
    long tombstones,
    long liveKeys) {
  /**
   * Reads a key space to its end.
   *
   * <p>Cost: one pass over bucket {@code key} and no heap to speak of; where a compaction is under
   * way, passes and heap as {@link EtcdHash#hashKv}.
   *
   * @param view left open
   * @return what it comes to
   * @throws StorageException {@code corrupt} for entries that are not etcd's; else as the view's
   *     calls
   */
  public static KeySpace of(ReadView view) {
    LiveKeys live = LiveKeys.before(view);
    long entries = 0;
    long tombstones = 0;
    if (view.buckets().contains(EtcdBuckets.KEY)) {
      try (Cursor cursor = view.openCursor(EtcdBuckets.KEY)) {
        while (cursor.next()) {
          ByteBuffer key = cursor.key();
          entries++;
          tombstones += Revision.decode(key).tombstone() ? 1 : 0;
          live.add(key, cursor.value());
        }
      }
    }
    return new KeySpace(
        EtcdView.currentRevision(view),
        EtcdView.compactRevision(view),
        scheduled(view),
        entries,
        tombstones,
        live.count(view).orElseThrow(KeySpace::damaged));
  }

  private static OptionalLong scheduled(ReadView view) {
    long scheduled = EtcdView.scheduledCompaction(view);
    return scheduled > EtcdView.finishedCompaction(view)
        ? OptionalLong.of(scheduled)
        : OptionalLong.empty();
  }

  private static StorageException damaged() {
    return StorageException.of(Code.CORRUPT, "bucket key: an entry has a value that is not etcd's");
  }
}
