package dev.cairn.etcd;

import com.google.protobuf.UnsafeByteOperations;
import dev.cairn.etcd.proto.KeyValue;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Applied;
import dev.cairn.store.Store;
import dev.cairn.store.StoreTx;
import java.nio.ByteBuffer;

/**
 * Puts new keys as a running etcd would: each is a revision of its own, and the index of the last
 * applied entry rises with it in the same update. Thread-safe.
 */
public final class EtcdPuts {
  private static final EtcdApplied APPLIED = new EtcdApplied();

  private final Store store;

  /**
   * Puts into a store.
   *
   * @param store with etcd's buckets, as {@link EtcdLoad} makes them; stays open
   */
  public EtcdPuts(Store store) {
    this.store = store;
  }

  /**
   * Puts a key, durable as the store's updates are.
   *
   * @param key one that was never put before; belongs to the store from now on
   * @param value any bytes; belongs to the store from now on
   * @return the revision of the store after it
   * @throws StorageException {@code not-found} without etcd's buckets; else as the store's updates
   */
  public long put(byte[] key, byte[] value) {
    long[] revision = new long[1];
    store.update(
        tx -> {
          revision[0] = nextRevision(tx);
          tx.put(
              EtcdBuckets.KEY,
              Revision.of(revision[0], 0).encode(),
              entry(revision[0], key, value).toByteArray());
          APPLIED.write(tx, nextApplied(tx));
        });
    return revision[0];
  }

  private static long nextRevision(StoreTx tx) {
    byte[] last = tx.lastKey(EtcdBuckets.KEY);
    // The first change of an etcd makes revision 2.
    return last == null ? 2 : Revision.decode(ByteBuffer.wrap(last)).main() + 1;
  }

  private static Applied nextApplied(StoreTx tx) {
    byte[] index = tx.get(EtcdBuckets.META, EtcdView.CONSISTENT_INDEX);
    byte[] term = tx.get(EtcdBuckets.META, EtcdView.TERM);
    return new Applied(number(index) + 1, number(term));
  }

  private static long number(byte[] bigEndian) {
    if (bigEndian == null) {
      return 0;
    }
    if (bigEndian.length != Long.BYTES) {
      throw StorageException.of(
          Code.CORRUPT, "bucket meta: a number of " + bigEndian.length + " bytes, not 8");
    }
    return ByteBuffer.wrap(bigEndian).getLong();
  }

  private static KeyValue entry(long revision, byte[] key, byte[] value) {
    return KeyValue.newBuilder()
        .setKey(UnsafeByteOperations.unsafeWrap(key))
        .setCreateRevision(revision)
        .setModRevision(revision)
        .setVersion(1)
        .setValue(UnsafeByteOperations.unsafeWrap(value))
        .build();
  }
}
