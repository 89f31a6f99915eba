package dev.cairn.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.cairn.etcd.Revision;
import dev.cairn.etcd.proto.KeyValue;
import dev.cairn.spi.Bucket;
import dev.cairn.store.Store;
import dev.cairn.store.StoreTx;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A key space that stays as large as it is: each transaction puts a key and deletes the oldest one,
 * and now and then what is dead is compacted away. Steps come from one thread at a time.
 */
final class SoakContent {
  /** How many keys live, at every revision. */
  static final int LIVING = 2_000;

  private static final Bucket KEY = Bucket.named("key");
  private static final Bucket META = Bucket.named("meta");
  private static final int FIRST_REVISION = 2;
  private static final int COMPACTION_STEPS = 25;
  private static final int KEPT_REVISIONS = 20;
  private static final int VALUE_BYTES_MAX = 4_000;

  private final Store store;
  private final SplittableRandom random;
  private final AtomicLong compacted = new AtomicLong();
  private long next = FIRST_REVISION;

  SoakContent(Store store, long seed) {
    this.store = store;
    random = new SplittableRandom(seed);
    store.update(
        tx -> {
          for (String name :
              "alarm auth authRoles authUsers cluster key lease members members_removed meta"
                  .split(" ")) {
            tx.createBucket(Bucket.named(name));
          }
          for (; next < FIRST_REVISION + LIVING; next++) {
            put(tx, next);
          }
          tx.applied(next, 1);
        });
  }

  /** The key that was put at a revision. */
  static ByteString key(long revision) {
    return ByteString.copyFromUtf8("soak-%012d".formatted(revision));
  }

  /** Up to here revisions cannot be asked for any more; rises while somebody asks. */
  long compacted() {
    return compacted.get();
  }

  private void put(StoreTx tx, long revision) {
    byte[] value = new byte[random.nextInt(VALUE_BYTES_MAX)];
    random.nextBytes(value);
    KeyValue entry =
        KeyValue.newBuilder()
            .setKey(key(revision))
            .setCreateRevision(revision)
            .setModRevision(revision)
            .setVersion(1)
            .setValue(ByteString.copyFrom(value))
            .build();
    tx.put(KEY, Revision.of(revision, 0).encode(), entry.toByteArray());
  }

  /** One transaction. */
  void step() {
    long revision = next++;
    store.update(
        tx -> {
          put(tx, revision);
          KeyValue oldest = KeyValue.newBuilder().setKey(key(revision - LIVING)).build();
          tx.put(KEY, new Revision(revision, 1, true).encode(), oldest.toByteArray());
          tx.applied(revision, 1);
        });
    if (revision % COMPACTION_STEPS == 0) {
      compact(revision - KEPT_REVISIONS);
    }
  }

  private void compact(long to) {
    long from = Math.max(compacted.get(), FIRST_REVISION + LIVING - 1);
    if (to <= from) {
      return;
    }
    compacted.set(to);
    byte[] revision = Revision.of(to, 0).encode();
    store.update(
        tx -> {
          for (long main = from + 1; main <= to; main++) {
            tx.delete(KEY, Revision.of(main - LIVING, 0).encode());
            tx.delete(KEY, new Revision(main, 1, true).encode());
          }
          tx.put(META, "scheduledCompactRev".getBytes(UTF_8), revision);
          tx.put(META, "finishedCompactRev".getBytes(UTF_8), revision);
        });
  }
}
