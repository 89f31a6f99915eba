package dev.cairn.etcd;

import com.google.protobuf.UnsafeByteOperations;
import dev.cairn.etcd.proto.KeyValue;
import dev.cairn.etcd.proto.Lease;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Applied;
import dev.cairn.store.Store;
import dev.cairn.store.StoreTx;
import java.util.function.LongConsumer;

/**
 * Fills a store with what an etcd would hold, so that a real etcd serves it after a restore: the
 * ten buckets; a number of keys, each first put, then a tenth of them overwritten (four to a
 * transaction), then a twentieth deleted, all as MVCC revisions; leases that some of the keys hang
 * on; the index of the last applied entry; a member and the cluster's version.
 *
 * <p>The same arguments give the same content, byte by byte. It is written in batches and made up
 * as it goes, so the heap does not grow with the number of keys. Immutable.
 */
public final class EtcdLoad {
  /** One key in so many is overwritten. */
  private static final int OVERWRITE_EVERY = 10;

  /** One key in so many is deleted; all of these are overwritten before, or none is. */
  private static final int DELETE_EVERY = 20;

  private static final int LEASE_EVERY = 50;
  private static final int LEASES_MAX = 100;
  private static final long LEASE_ID_FIRST = 0x1000_0000_0000_0001L;
  private static final long LEASE_TTL_SECONDS = 365L * 24 * 3600;
  private static final int TRANSACTION_CHANGES = 4;
  private static final long REVISION_FIRST = 2;

  /** Entries of the log before the first change: the member, its attributes, the version. */
  private static final long INDEX_BEFORE = 3;

  private static final long BATCH_BYTES = 4 << 20;
  private static final int BATCH_CHANGES = 5_000;

  private static final String MEMBER_ID = "8e9e05c52164694d";
  private static final String MEMBER_JSON =
      "{\"id\":10276657743932975437,\"peerURLs\":[\"http://localhost:2380\"],"
          + "\"name\":\"default\",\"clientURLs\":[\"http://localhost:2379\"]}";

  private final long keys;
  private final int valueBytes;
  private final long seed;
  private final int overwritePhase;
  private final int deletePhase;

  /**
   * A load.
   *
   * @param keys how many keys are put, 0 or more
   * @param valueBytes how long each of their values is, 0 or more
   * @param seed decides the values, and which keys are overwritten and deleted
   * @throws StorageException {@code limit} for a negative number
   */
  public EtcdLoad(long keys, int valueBytes, long seed) {
    if (keys < 0 || valueBytes < 0) {
      throw StorageException.of(
          Code.LIMIT, "a load has 0 or more keys and bytes, not " + keys + " and " + valueBytes);
    }
    this.keys = keys;
    this.valueBytes = valueBytes;
    this.seed = seed;
    SplitMix draw = new SplitMix(seed);
    overwritePhase = draw.below(OVERWRITE_EVERY);
    deletePhase = draw.below(DELETE_EVERY);
  }

  /**
   * How many changes are written: what the progress rises to.
   *
   * @return puts, overwrites and deletions
   */
  public long changes() {
    return keys + overwritten() + deleted();
  }

  /**
   * How many keys a client sees afterwards.
   *
   * @return those put and not deleted
   */
  public long liveKeys() {
    return keys - deleted();
  }

  /**
   * The revision of the store afterwards.
   *
   * @return the main revision of the last change, or 1 without changes
   */
  public long revision() {
    long transactions = (overwritten() + TRANSACTION_CHANGES - 1) / TRANSACTION_CHANGES;
    return REVISION_FIRST - 1 + keys + transactions + deleted();
  }

  private long overwritten() {
    return countOf(overwritePhase, OVERWRITE_EVERY);
  }

  private long deleted() {
    return countOf(deletePhase, DELETE_EVERY);
  }

  /** How many of the keys 0 to keys - 1 leave {@code phase} when divided by {@code every}. */
  private long countOf(int phase, int every) {
    return keys <= phase ? 0 : (keys - 1 - phase) / every + 1;
  }

  /**
   * Writes the load. Each batch is one update of the store.
   *
   * @param store without any key of etcd's yet; stays open
   * @param progress is told, after each batch, how many changes are written
   * @throws StorageException {@code exists} when bucket {@code key} holds something; {@code limit}
   *     for values that the engine does not hold; else as the store's updates
   */
  public void into(Store store, LongConsumer progress) {
    try (ReadView view = store.openView()) {
      if (EtcdView.lastRevision(view) != 0) {
        throw StorageException.of(
            Code.EXISTS, store.file(), "holds etcd keys already; load into a new file");
      }
    }
    store.update(this::writeFrame);
    Changes changes = new Changes();
    while (changes.hasNext()) {
      store.update(tx -> changes.writeBatch(tx));
      progress.accept(changes.written);
    }
  }

  private void writeFrame(StoreTx tx) {
    for (Bucket bucket : EtcdBuckets.ALL) {
      tx.createBucket(bucket);
    }
    tx.put(EtcdBuckets.AUTH, EtcdBuckets.ascii("authRevision"), EtcdApplied.bigEndian(1));
    tx.put(EtcdBuckets.CLUSTER, EtcdView.CLUSTER_VERSION, EtcdBuckets.ascii("3.4.0"));
    tx.put(EtcdBuckets.MEMBERS, EtcdBuckets.ascii(MEMBER_ID), EtcdBuckets.ascii(MEMBER_JSON));
    for (long lease = 0; lease < leases(); lease++) {
      long id = LEASE_ID_FIRST + lease;
      byte[] value = Lease.newBuilder().setID(id).setTTL(LEASE_TTL_SECONDS).build().toByteArray();
      tx.put(EtcdBuckets.LEASE, EtcdApplied.bigEndian(id), value);
    }
    writeIndex(tx, INDEX_BEFORE + leases());
  }

  private long leases() {
    return Math.min(LEASES_MAX, (keys + LEASE_EVERY - 1) / LEASE_EVERY);
  }

  private long leaseOf(long key) {
    return key % LEASE_EVERY == 0 ? LEASE_ID_FIRST + key / LEASE_EVERY % leases() : 0;
  }

  private static void writeIndex(StoreTx tx, long index) {
    new EtcdApplied().write(tx, new Applied(index, 0));
  }

  private static byte[] userKey(long key) {
    return EtcdBuckets.ascii("load/%010d".formatted(key));
  }

  /** Walks through the three phases; one thread. */
  private final class Changes {
    private long written;
    private long main = REVISION_FIRST;
    private long sub;

    boolean hasNext() {
      return written < changes();
    }

    void writeBatch(StoreTx tx) {
      long bytes = 0;
      for (int i = 0; i < BATCH_CHANGES && bytes < BATCH_BYTES && hasNext(); i++) {
        bytes += writeNext(tx);
        written++;
      }
      long entries = sub == 0 ? main - REVISION_FIRST : main - REVISION_FIRST + 1;
      writeIndex(tx, INDEX_BEFORE + leases() + entries);
    }

    private long writeNext(StoreTx tx) {
      if (written < keys) {
        long bytes = put(tx, written, main, 1);
        main++;
        return bytes;
      }
      long overwrite = written - keys;
      if (overwrite < overwritten()) {
        long key = overwritePhase + overwrite * OVERWRITE_EVERY;
        long bytes = put(tx, key, REVISION_FIRST + key, 2);
        nextInTransaction(overwrite + 1 == overwritten());
        return bytes;
      }
      long delete = overwrite - overwritten();
      return delete(tx, deletePhase + delete * DELETE_EVERY);
    }

    private void nextInTransaction(boolean last) {
      sub++;
      if (sub == TRANSACTION_CHANGES || last) {
        main++;
        sub = 0;
      }
    }

    private long put(StoreTx tx, long key, long created, long version) {
      byte[] value = new byte[valueBytes];
      new SplitMix(seed + key * 2 + version).fill(value);
      KeyValue entry =
          KeyValue.newBuilder()
              .setKey(UnsafeByteOperations.unsafeWrap(userKey(key)))
              .setCreateRevision(created)
              .setModRevision(main)
              .setVersion(version)
              .setValue(UnsafeByteOperations.unsafeWrap(value))
              .setLease(leaseOf(key))
              .build();
      byte[] encoded = entry.toByteArray();
      tx.put(EtcdBuckets.KEY, Revision.of(main, sub).encode(), encoded);
      return encoded.length;
    }

    private long delete(StoreTx tx, long key) {
      KeyValue entry =
          KeyValue.newBuilder().setKey(UnsafeByteOperations.unsafeWrap(userKey(key))).build();
      tx.put(EtcdBuckets.KEY, new Revision(main, 0, true).encode(), entry.toByteArray());
      main++;
      return 0;
    }
  }
}
