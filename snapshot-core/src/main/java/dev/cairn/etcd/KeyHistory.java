package dev.cairn.etcd;

import java.nio.ByteBuffer;

/**
 * Follows each user key through its changes, as far as the heap lets it: which version of which
 * creation lives, and whether its lease is missing. Keys that do not live take no room.
 */
final class KeyHistory {
  /** A key whose last entry is damaged: what follows it is taken as it is. */
  private static final long UNKNOWN_VERSION = 0;

  private final KeyTable living;
  private final long compacted;
  private final long finished;
  private boolean leasesMiss;

  /**
   * Histories whose beginning is known after one revision.
   *
   * @param compacted up to here entries may have been thrown away
   * @param finished up to here all were that another one superseded
   */
  KeyHistory(long compacted, long finished, long tableBytesMax) {
    this.compacted = compacted;
    this.finished = finished;
    living = new KeyTable(tableBytesMax);
  }

  /** Takes a put whose own numbers agree; tells what does not fit what was before, or null. */
  String put(Revision at, KeyValueScan entry, boolean leaseMisses) {
    if (!living.find(entry.key())) {
      return null;
    }
    String problem = living.present() ? afterLiving(at, entry) : afterNothing(at, entry);
    leasesMiss |= leaseMisses;
    living.put(entry.createRevision(), entry.version() << 1 | (leaseMisses ? 1 : 0));
    return problem;
  }

  private String afterLiving(Revision at, KeyValueScan entry) {
    if (at.main() <= finished) {
      return "is another entry of its key that the compaction to %d left".formatted(finished);
    }
    long version = living.second() >>> 1;
    boolean follows =
        version == UNKNOWN_VERSION
            || (entry.createRevision() == living.first() && entry.version() == version + 1);
    return follows
        ? null
        : "is version %d of what revision %d made; before it is version %d of what %d made"
            .formatted(entry.version(), entry.createRevision(), version, living.first());
  }

  private String afterNothing(Revision at, KeyValueScan entry) {
    return at.main() > compacted && entry.version() > 1
        ? "is version %d, and there is none before it".formatted(entry.version())
        : null;
  }

  /** Takes a deletion; tells what does not fit what was before, or null. */
  String delete(Revision at, ByteBuffer key) {
    if (!living.find(key)) {
      return null;
    }
    if (living.present()) {
      living.remove();
      return null;
    }
    return at.main() > compacted ? "deletes a key that does not live" : null;
  }

  /** Takes a put that is damaged but for its key. */
  void damaged(ByteBuffer key) {
    if (living.find(key)) {
      living.put(0, UNKNOWN_VERSION << 1);
    }
  }

  /** Whether a living key may have a lease that is not there. */
  boolean leasesMiss() {
    return leasesMiss;
  }

  /** At the end: whether an entry is the one that lives and its lease is not there. */
  boolean livesWithoutLease(KeyValueScan entry) {
    return living.find(entry.key())
        && living.present()
        && living.first() == entry.createRevision()
        && living.second() == (entry.version() << 1 | 1);
  }

  /** The share of all keys that was followed to the end. */
  double share() {
    return living.share();
  }
}
