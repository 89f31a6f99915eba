package dev.cairn.etcd;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * How many living keys hang on each lease. A first pass leaves in the table the last put of each
 * key that lives and has a lease; a second one meets these puts again and counts them. Keys without
 * a lease take no room, and where none has one, nothing is hashed.
 */
final class LeasedKeys {
  private final ReadView view;
  private final KeyTable leased;
  private final KeyValueScan scan = new KeyValueScan();
  private final Map<Long, Long> counts = new HashMap<>();

  LeasedKeys(ReadView view, long tableBytesMax) {
    this.view = view;
    leased = new KeyTable(tableBytesMax);
    if (view.buckets().contains(EtcdBuckets.KEY)) {
      do {
        each(this::follow);
        each(this::count);
      } while (leased.nextRange());
    }
  }

  long count(long lease) {
    return counts.getOrDefault(lease, 0L);
  }

  private interface Change {
    void take(long place, boolean tombstone);
  }

  private void each(Change change) {
    try (Cursor cursor = view.openCursor(EtcdBuckets.KEY)) {
      for (long place = 0; cursor.next(); place++) {
        Revision at = Revision.decode(cursor.key());
        read(at, cursor.value());
        change.take(place, at.tombstone());
      }
    }
  }

  private void read(Revision at, ByteBuffer value) {
    if (!scan.read(value)) {
      throw StorageException.of(
          Code.CORRUPT,
          "bucket key: the value at revision %d/%d is not etcd's".formatted(at.main(), at.sub()));
    }
  }

  private void follow(long place, boolean tombstone) {
    boolean hangs = !tombstone && scan.lease() != 0;
    if (!hangs && leased.size() == 0) {
      return;
    }
    if (!leased.find(scan.key())) {
      return;
    }
    if (hangs) {
      leased.put(scan.lease(), place);
    } else if (leased.present()) {
      leased.remove();
    }
  }

  private void count(long place, boolean tombstone) {
    boolean hangs = !tombstone && scan.lease() != 0;
    if (hangs && leased.find(scan.key()) && leased.present() && leased.second() == place) {
      counts.merge(scan.lease(), 1L, Long::sum);
    }
  }
}
