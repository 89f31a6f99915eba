package dev.cairn.etcd;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Which entries up to a compaction are no longer the newest of their key at a later revision. Each
 * has a bit. Found by a join of these entries with the changes that can have superseded them: a
 * deletion, or a put of a further version of a key that is as old as they are. What was put anew
 * after the compaction costs nothing.
 *
 * <p>Where the table of these changes would be too large, the join is done in parts, each of which
 * reads the entries' keys again.
 */
final class Superseded {
  private final ReadView view;
  private final long compacted;
  private final long revision;
  private final long finished;
  private final BitSet places = new BitSet();
  private final KeyTable newest;
  private final KeyValueScan scan = new KeyValueScan();

  /** Keys that live, counted over all that happened: at the compaction, born since, died since. */
  private long living;

  Superseded(ReadView view, long compacted, long revision, long tableBytesMax) {
    this.view = view;
    this.compacted = compacted;
    this.revision = revision;
    finished = Math.min(compacted, EtcdView.finishedCompaction(view));
    newest = new KeyTable(tableBytesMax);
    Entry change = this::countAndNote;
    do {
      each(finished, revision, change);
      each(0, compacted, this::join);
      change = this::note;
    } while (newest.nextRange());
  }

  /** How many keys live at the revision. */
  long living() {
    return living;
  }

  /** Whether the entry at a place, counted from 0, is superseded; told of puts only. */
  boolean contains(int place) {
    return places.get(place);
  }

  private interface Entry {
    void take(int place, Revision at, ByteBuffer value);
  }

  /** Entries after one revision up to another, with their places among all of them. */
  private void each(long after, long last, Entry entry) {
    try (Cursor cursor = view.openCursor(EtcdBuckets.KEY)) {
      for (int place = 0; cursor.next(); place++) {
        Revision at = Revision.decode(cursor.key());
        if (at.main() > last) {
          return;
        }
        if (place == Integer.MAX_VALUE) {
          throw StorageException.of(Code.LIMIT, "bucket key: more than 2^31 entries to hash");
        }
        if (at.main() > after) {
          entry.take(place, at, cursor.value());
        }
      }
    }
  }

  private void countAndNote(int place, Revision at, ByteBuffer value) {
    note(place, at, value);
    if (at.main() > compacted) {
      if (at.tombstone()) {
        living--;
      } else if (scan.version() == 1) {
        living++;
      }
    }
  }

  private void note(int place, Revision at, ByteBuffer value) {
    read(at, value);
    boolean supersedes =
        at.tombstone() || (scan.version() > 1 && scan.createRevision() <= compacted);
    if (supersedes && newest.find(scan.key())) {
      long untilCompaction = newest.present() ? newest.second() : -1;
      newest.put(place, at.main() <= compacted ? place : untilCompaction);
    }
  }

  private void join(int place, Revision at, ByteBuffer value) {
    if (at.tombstone()) {
      return;
    }
    read(at, value);
    if (!newest.find(scan.key())) {
      return;
    }
    if (newest.present() && newest.first() > place) {
      places.set(place);
    }
    if (!newest.present() || newest.second() <= place) {
      living++;
    }
  }

  private void read(Revision at, ByteBuffer value) {
    if (!scan.read(value)) {
      throw StorageException.of(
          Code.CORRUPT,
          "bucket key: the value at revision %d/%d is not etcd's".formatted(at.main(), at.sub()));
    }
  }
}
