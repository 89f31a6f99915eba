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
 * a tombstone ends one; every other put is a further version of a key that lives.
 */
final class LiveKeys {
  private final long compacted;
  private boolean countable;
  private long count;

  private LiveKeys(long compacted, boolean countable) {
    this.compacted = compacted;
    this.countable = countable;
  }

  /** A count that is to see all entries of bucket {@code key}, in any order. */
  static LiveKeys before(ReadView view) {
    try {
      long finished = EtcdView.finishedCompaction(view);
      return new LiveKeys(finished, EtcdView.scheduledCompaction(view) <= finished);
    } catch (StorageException notEtcd) {
      if (notEtcd.code() != StorageException.Code.CORRUPT) {
        throw notEtcd;
      }
      return new LiveKeys(0, false);
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

  OptionalLong count() {
    return countable ? OptionalLong.of(count) : OptionalLong.empty();
  }
}
