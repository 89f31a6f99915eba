package dev.cairn.etcd;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The hash of the key space at a revision. Of what is compacted only the entries that are the
 * newest of a key that lives at that revision count, because another member may have thrown the
 * others away; everything after the compaction counts.
 */
final class HashKv {
  private final ReadView view;
  private final long revision;
  private final long compacted;

  private HashKv(ReadView view, long revision) {
    this.view = view;
    this.revision = revision;
    this.compacted = EtcdView.compactRevision(view);
  }

  static int of(ReadView view, long revision, long tableBytesMax) {
    long current = EtcdView.currentRevision(view);
    long compacted = EtcdView.compactRevision(view);
    if (revision < 0 || revision > current) {
      throw StorageException.of(
          Code.LIMIT, "revision " + revision + " is still to come; the newest is " + current);
    }
    if (revision != 0 && revision <= compacted) {
      throw StorageException.of(
          Code.LIMIT,
          "revision %d is compacted away; the oldest left is %d"
              .formatted(revision, compacted + 1));
    }
    return new HashKv(view, revision == 0 ? current : revision).hash(tableBytesMax);
  }

  private int hash(long tableBytesMax) {
    CRC32C crc = new CRC32C();
    crc.update(EtcdBuckets.KEY.name());
    if (view.buckets().contains(EtcdBuckets.KEY)) {
      Superseded old =
          compacted == 0 ? null : new Superseded(view, compacted, revision, tableBytesMax);
      hashEntries(crc, old);
    }
    return (int) crc.getValue();
  }

  private void hashEntries(CRC32C crc, Superseded old) {
    try (Cursor cursor = view.openCursor(EtcdBuckets.KEY)) {
      for (int place = 0; cursor.next(); place++) {
        ByteBuffer key = cursor.key();
        Revision at = Revision.decode(key);
        if (at.main() > revision) {
          return;
        }
        if (at.main() > compacted || counts(at, old, place)) {
          crc.update(key);
          crc.update(cursor.value());
        }
      }
    }
  }

  /** Whether an entry counts that the compaction was about. */
  private boolean counts(Revision at, Superseded old, int place) {
    // Where nothing lives there is nothing to keep, and etcd then leaves nothing out but what only
    // some of its versions keep: the deletion that was made at the very revision of a compaction.
    return old.living() > 0
        ? !at.tombstone() && !old.contains(place)
        : !(at.tombstone() && at.main() == compacted);
  }
}
