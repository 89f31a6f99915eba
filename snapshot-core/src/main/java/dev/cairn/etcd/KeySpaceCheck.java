package dev.cairn.etcd;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;

/**
 * Bucket {@code key}: revisions without a gap since the compaction, each with a KeyValue that says
 * the same of itself as its place and its key's history do.
 */
final class KeySpaceCheck implements BucketCheck {
  private static final long FIRST_MAIN = 2;
  private static final long UNKNOWN = -1;
  private static final long NEVER_ENDING = Long.MAX_VALUE - 1;

  private final ReadView view;
  private final CheckLog.InBucket log;
  private final long compacted;
  private final long finished;
  private final KeyHistory history;
  private final KeyValueScan scan = new KeyValueScan();
  private final Leases leases;

  /** The place of the entry before, or where the first one is expected behind. */
  private long lastMain;

  private long lastSub = -1;

  KeySpaceCheck(ReadView view, CheckLog.InBucket log) {
    this(view, log, KeyTable.bytesMaxDefault());
  }

  KeySpaceCheck(ReadView view, CheckLog.InBucket log, long tableBytesMax) {
    this.view = view;
    this.log = log;
    long scheduled = compaction(EtcdView.SCHEDULED_COMPACTION);
    finished = compaction(EtcdView.FINISHED_COMPACTION);
    compacted =
        Math.min(scheduled, finished) == UNKNOWN ? NEVER_ENDING : Math.max(scheduled, finished);
    lastMain = Math.max(FIRST_MAIN - 1, compacted);
    history = new KeyHistory(compacted, finished, tableBytesMax);
    leases = new Leases(view);
  }

  /** What is no revision is found in bucket meta; here nothing is then expected of the past. */
  private long compaction(byte[] name) {
    byte[] value = EtcdBuckets.get(view, EtcdBuckets.META, name);
    try {
      return value == null ? 0 : Math.max(0, Revision.decode(ByteBuffer.wrap(value)).main());
    } catch (StorageException damaged) {
      return UNKNOWN;
    }
  }

  @Override
  public void entry(ByteBuffer key, ByteBuffer value) {
    Revision at;
    try {
      at = Revision.decode(key);
    } catch (StorageException e) {
      log.found(key, "is no revision");
      return;
    }
    place(at);
    if (!scan.read(value)) {
      log.found(text(at), "its value is no KeyValue");
    } else if (at.tombstone()) {
      deletion(at);
    } else if (value.hasRemaining() || at.main() > compacted) {
      put(at);
    }
    // Else it is the empty entry by which a restore of etcd 3.5 lifts the revision.
  }

  private void place(Revision at) {
    if (at.main() < FIRST_MAIN || at.sub() < 0) {
      log.found(text(at), "is no revision that a store ever has");
      return;
    }
    if (at.main() > compacted) {
      boolean sameMain = at.main() == lastMain;
      if (sameMain && at.sub() == lastSub) {
        log.found(text(at), "is there twice, as a put and as a deletion");
      } else if (at.main() > lastMain + 1) {
        log.found(
            text(at), "revisions %d to %d are missing".formatted(lastMain + 1, at.main() - 1));
      } else if (at.sub() != (sameMain ? lastSub + 1 : 0)) {
        log.found(text(at), "changes of its transaction are missing before it");
      }
      lastMain = at.main();
      lastSub = at.sub();
    }
  }

  private void deletion(Revision at) {
    if (!scan.onlyKey() || !scan.key().hasRemaining()) {
      tell(at, "is a deletion with more than a key, or without one");
      return;
    }
    if (at.main() < finished) {
      tell(at, "is a deletion that the compaction to " + finished + " left");
    }
    tell(at, history.delete(at, scan.key()));
  }

  private void put(Revision at) {
    String problem = ownProblem(at);
    if (problem == null) {
      boolean leaseMisses = scan.lease() != 0 && !leases.has(scan.lease());
      tell(at, history.put(at, scan, leaseMisses));
      return;
    }
    tell(at, problem);
    history.damaged(scan.key());
  }

  /** What is wrong with a KeyValue by itself, or null. */
  private String ownProblem(Revision at) {
    long created = scan.createRevision();
    long version = scan.version();
    if (!scan.key().hasRemaining()) {
      return "has no key";
    }
    if (!scan.asWritten()) {
      return "has fields that etcd does not write, or not in that order";
    }
    if (scan.modRevision() != at.main()) {
      return "says that it is revision " + scan.modRevision();
    }
    boolean agree =
        created >= FIRST_MAIN
            && created <= at.main()
            && version >= 1
            && version - 1 <= at.main() - created
            && (version == 1) == (created == at.main());
    return agree ? null : "is no version " + version + " of what revision " + created + " made";
  }

  @Override
  public void end() {
    if (history.leasesMiss()) {
      missingLeases();
    }
    if (history.share() < 1) {
      log.note(
          "the histories of %.1f %% of the keys were followed; more heap (-Xmx) follows more"
              .formatted(100 * history.share()));
    }
  }

  /** A lease that was revoked may stand in the past of a key, but not in a key that lives. */
  private void missingLeases() {
    try (Cursor cursor = view.openCursor(EtcdBuckets.KEY)) {
      while (cursor.next()) {
        if (scan.read(cursor.value()) && history.livesWithoutLease(scan)) {
          String what = "hangs on lease %016x, which is not there".formatted(scan.lease());
          tell(Revision.decode(cursor.key()), what);
        }
      }
    }
  }

  /** A problem, if there is one, of the entry that was scanned last. */
  private void tell(Revision at, String problem) {
    if (problem != null) {
      log.found(text(at) + " of " + EntryText.of(scan.key()), problem);
    }
  }

  private static String text(Revision at) {
    return Long.toUnsignedString(at.main()) + "/" + Long.toUnsignedString(at.sub());
  }

  /** Leases by their ids, the last one remembered: keys of a lease often stand together. */
  private static final class Leases {
    private final ReadView view;
    private long lastId;
    private boolean lastIsThere;

    Leases(ReadView view) {
      this.view = view;
    }

    boolean has(long id) {
      if (id != lastId) {
        lastId = id;
        lastIsThere = EtcdBuckets.get(view, EtcdBuckets.LEASE, EtcdApplied.bigEndian(id)) != null;
      }
      return lastIsThere;
    }
  }
}
