package dev.cairn.etcd;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
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
  private final long finished;

  /** The newest change up to the revision of each key that the finished compaction left open. */
  private final Map<ByteBuffer, Revision> newest = new HashMap<>();

  private boolean anyLives;

  private HashKv(ReadView view, long revision) {
    this.view = view;
    this.revision = revision;
    compacted = EtcdView.compactRevision(view);
    finished = Math.min(compacted, EtcdView.finishedCompaction(view));
  }

  static int of(ReadView view, long revision) {
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
    return new HashKv(view, revision == 0 ? current : revision).hash();
  }

  private int hash() {
    CRC32C crc = new CRC32C();
    crc.update(EtcdBuckets.KEY.name());
    if (view.buckets().contains(EtcdBuckets.KEY)) {
      if (compacted > 0) {
        each(this::note);
        anyLives = newest.values().stream().anyMatch(last -> !last.tombstone());
        each(this::noteSurvivor);
      }
      each((at, key, value) -> add(crc, at, key, value));
    }
    return (int) crc.getValue();
  }

  private interface Entry {
    void take(Revision at, ByteBuffer key, ByteBuffer value);
  }

  private void each(Entry entry) {
    try (Cursor cursor = view.openCursor(EtcdBuckets.KEY)) {
      while (cursor.next()) {
        ByteBuffer key = cursor.key();
        Revision at = Revision.decode(key);
        if (at.main() > revision) {
          return;
        }
        entry.take(at, key, cursor.value());
      }
    }
  }

  private void note(Revision at, ByteBuffer key, ByteBuffer value) {
    if (at.main() > finished) {
      ByteBuffer userKey = userKey(at, value);
      newest.put(ByteBuffer.allocate(userKey.remaining()).put(userKey).flip(), at);
    }
  }

  private void noteSurvivor(Revision at, ByteBuffer key, ByteBuffer value) {
    if (!anyLives && at.main() <= finished) {
      anyLives = lives(at, value);
    }
  }

  private void add(CRC32C crc, Revision at, ByteBuffer key, ByteBuffer value) {
    // Where nothing lives there is nothing to keep, and etcd then leaves nothing out.
    if (at.main() > compacted || !anyLives || lives(at, value)) {
      crc.update(key);
      crc.update(value);
    }
  }

  /** Whether this is the newest change of its key up to the revision, and no deletion. */
  private boolean lives(Revision at, ByteBuffer value) {
    if (at.tombstone()) {
      return false;
    }
    Revision last = newest.get(userKey(at, value));
    return last == null ? at.main() <= finished : last.equals(at);
  }

  private static ByteBuffer userKey(Revision at, ByteBuffer value) {
    ByteBuffer key = KeyValueScan.key(value);
    if (key == null) {
      throw StorageException.of(
          Code.CORRUPT,
          "bucket key: the value at revision %d/%d is not etcd's".formatted(at.main(), at.sub()));
    }
    return key;
  }
}
