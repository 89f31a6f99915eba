package dev.cairn.etcd;

import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * Counts the keys that a client sees without remembering one of them.
 *
 * <p>A compaction that is finished leaves exactly one entry of each key that lived at its revision,
 * so every put up to there is another key. After it, a put with version 1 brings a key to life and
 * a tombstone ends one; every other put is a further version of a key that lives. Where a
 * compaction was under way, what it was about is looked at again, and then keys are remembered.
 */
final class LiveKeys {
  private final long compacted;
  private final boolean interrupted;
  private boolean countable;
  private long count;

  private LiveKeys(long compacted, boolean interrupted, boolean countable) {
    this.compacted = compacted;
    this.interrupted = interrupted;
    this.countable = countable;
  }

  /** A count that is to see all entries of bucket {@code key}, in any order. */
  static LiveKeys before(ReadView view) {
    try {
      long finished = EtcdView.finishedCompaction(view);
      return new LiveKeys(finished, EtcdView.scheduledCompaction(view) > finished, true);
    } catch (StorageException notEtcd) {
      refuseOther(notEtcd);
      return new LiveKeys(0, false, false);
    }
  }

  private static void refuseOther(StorageException e) {
    if (e.code() != StorageException.Code.CORRUPT) {
      throw e;
    }
  }

  void add(ByteBuffer key, ByteBuffer value) {
    if (!countable) {
      return;
    }
    try {
      count += change(Revision.decode(key), value);
    } catch (StorageException notEtcd) {
      countable = false;
    }
  }

  private int change(Revision revision, ByteBuffer value) {
    boolean survivor = Long.compareUnsigned(revision.main(), compacted) <= 0;
    if (revision.tombstone()) {
      return survivor ? 0 : -1;
    }
    long version = KeyValueScan.version(value);
    if (version < 1) {
      countable = false;
    }
    return survivor || version == 1 ? 1 : 0;
  }

  /** The count, at the end; empty when something is not etcd's. */
  OptionalLong count(ReadView view) {
    if (!countable) {
      return OptionalLong.empty();
    }
    return interrupted ? recount(view) : OptionalLong.of(count);
  }

  private static OptionalLong recount(ReadView view) {
    if (!view.buckets().contains(EtcdBuckets.KEY)) {
      return OptionalLong.of(0);
    }
    try {
      Superseded old =
          new Superseded(
              view,
              EtcdView.compactRevision(view),
              EtcdView.currentRevision(view),
              KeyTable.bytesMaxDefault());
      return OptionalLong.of(old.living());
    } catch (StorageException notEtcd) {
      refuseOther(notEtcd);
      return OptionalLong.empty();
    }
  }
}
