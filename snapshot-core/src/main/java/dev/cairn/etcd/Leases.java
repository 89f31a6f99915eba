package dev.cairn.etcd;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The leases of a content, bucket {@code lease}, with what hangs on them. Immutable. */
public final class Leases {
  private static final int FIELDS = 3;
  private static final int ID = 1;
  private static final int TTL = 2;
  private static final int REMAINING_TTL = 3;

  private final SortedMap<Long, Lease> byId;

  private Leases(SortedMap<Long, Lease> byId) {
    this.byId = Collections.unmodifiableSortedMap(byId);
  }

  /**
   * Reads the leases.
   *
   * <p>Cost: where there is a lease, two passes over bucket {@code key}, and 43 to 86 bytes of heap
   * for each living key that hangs on one, up to a third of the largest heap; keys that do not fit
   * are dealt with in further parts, with two passes each. The leases themselves stay in memory.
   *
   * @param view left open
   * @return the leases
   * @throws StorageException {@code corrupt} for entries that are not etcd's; else as the view's
   *     calls
   */
  public static Leases of(ReadView view) {
    return of(view, KeyTable.bytesMaxDefault());
  }

  static Leases of(ReadView view, long tableBytesMax) {
    SortedMap<Long, Lease> leases = new TreeMap<>();
    if (view.buckets().contains(EtcdBuckets.LEASE)) {
      try (Cursor cursor = view.openCursor(EtcdBuckets.LEASE)) {
        while (cursor.next()) {
          Lease lease = read(cursor.key(), cursor.value());
          leases.put(lease.id(), lease);
        }
      }
    }
    if (!leases.isEmpty()) {
      LeasedKeys keys = new LeasedKeys(view, tableBytesMax);
      leases.replaceAll((id, lease) -> attached(lease, keys.count(id)));
    }
    return new Leases(leases);
  }

  private static Lease attached(Lease lease, long keys) {
    return new Lease(lease.id(), lease.ttlSeconds(), lease.remainingTtlSeconds(), keys);
  }

  private static Lease read(ByteBuffer key, ByteBuffer value) {
    long[] numbers = new long[FIELDS + 1];
    WireFields fields = new WireFields().on(value);
    boolean known = key.remaining() == Long.BYTES;
    while (known && fields.next()) {
      known = fields.field() <= FIELDS && fields.is(fields.field(), WireFields.VARINT);
      if (known) {
        numbers[fields.field()] = fields.number();
      }
    }
    if (!known || fields.malformed() || numbers[ID] != key.getLong(key.position())) {
      throw StorageException.of(
          Code.CORRUPT, "bucket lease, key " + EntryText.of(key) + ": is no lease");
    }
    return new Lease(numbers[ID], numbers[TTL], numbers[REMAINING_TTL], 0);
  }

  /**
   * One of them.
   *
   * @param id of the lease
   * @return empty when there is none of that id
   */
  public Optional<Lease> lease(long id) {
    return Optional.ofNullable(byId.get(id));
  }

  /**
   * All of them.
   *
   * @return in the order of their ids, unmodifiable
   */
  public Collection<Lease> all() {
    return byId.values();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Leases && byId.equals(((Leases) other).byId);
  }

  @Override
  public int hashCode() {
    return byId.hashCode();
  }

  @Override
  public String toString() {
    return byId.size() + " leases";
  }
}
