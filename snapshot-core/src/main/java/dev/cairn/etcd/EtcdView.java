package dev.cairn.etcd;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Single facts of etcd's schema, read from any view. A bucket that is absent counts as empty. */
public final class EtcdView {
  static final byte[] CONSISTENT_INDEX = EtcdBuckets.ascii("consistent_index");
  static final byte[] TERM = EtcdBuckets.ascii("term");
  static final byte[] STORAGE_VERSION = EtcdBuckets.ascii("storageVersion");
  static final byte[] SCHEDULED_COMPACTION = EtcdBuckets.ascii("scheduledCompactRev");
  static final byte[] FINISHED_COMPACTION = EtcdBuckets.ascii("finishedCompactRev");
  static final byte[] CLUSTER_VERSION = EtcdBuckets.ascii("clusterVersion");
  private static final byte[] DOWNGRADE = EtcdBuckets.ascii("downgrade");

  private EtcdView() {}

  /**
   * The raft index of the last entry that the content holds.
   *
   * @param view left open
   * @return the index, 0 when none is written
   * @throws StorageException {@code corrupt} for a value of another form; else as the view's calls
   */
  public static long consistentIndex(ReadView view) {
    return metaNumber(view, CONSISTENT_INDEX);
  }

  /**
   * The raft term of the last entry that the content holds, as etcd writes it from 3.5 on.
   *
   * @param view left open
   * @return the term, 0 when none is written
   * @throws StorageException {@code corrupt} for a value of another form; else as the view's calls
   */
  public static long term(ReadView view) {
    return metaNumber(view, TERM);
  }

  /**
   * The revision that a server on this content is at.
   *
   * @param view left open
   * @return at least 1
   * @throws StorageException {@code corrupt} for a key that is no revision; else as the view's
   *     calls
   */
  public static long currentRevision(ReadView view) {
    return Math.max(1, Math.max(lastRevision(view), finishedCompaction(view)));
  }

  /**
   * The revision up to which the content is compacted.
   *
   * @param view left open
   * @return the revision, a compaction under way included; 0 when it never was
   * @throws StorageException {@code corrupt} for a value of another form; else as the view's calls
   */
  public static long compactRevision(ReadView view) {
    return Math.max(scheduledCompaction(view), finishedCompaction(view));
  }

  /**
   * The version that the cluster agreed on.
   *
   * @param view left open
   * @return such as {@code 3.4.0}; empty when none is written
   * @throws StorageException as the view's calls
   */
  public static Optional<String> clusterVersion(ReadView view) {
    return text(view, EtcdBuckets.CLUSTER, CLUSTER_VERSION);
  }

  /**
   * The version of the schema, as etcd writes it from 3.6 on.
   *
   * @param view left open
   * @return such as {@code 3.6.0}; empty when none is written
   * @throws StorageException as the view's calls
   */
  public static Optional<String> storageVersion(ReadView view) {
    return text(view, EtcdBuckets.META, STORAGE_VERSION);
  }

  /**
   * The downgrade that the cluster is in, as etcd writes it from 3.5 on.
   *
   * @param view left open
   * @return empty when none is written, or nothing that etcd writes
   * @throws StorageException as the view's calls
   */
  public static Optional<EtcdDowngrade> downgrade(ReadView view) {
    byte[] value = EtcdBuckets.get(view, EtcdBuckets.CLUSTER, DOWNGRADE);
    return Optional.ofNullable(value).flatMap(EtcdDowngrade::decode);
  }

  /**
   * The ids of the members that the content names.
   *
   * @param view left open
   * @return in the order of the bucket; lower-case hex without leading zeros
   * @throws StorageException as the view's calls
   */
  public static List<String> memberIds(ReadView view) {
    List<String> ids = new ArrayList<>();
    if (view.buckets().contains(EtcdBuckets.MEMBERS)) {
      try (Cursor members = view.openCursor(EtcdBuckets.MEMBERS)) {
        while (members.next()) {
          ids.add(StandardCharsets.US_ASCII.decode(members.key()).toString());
        }
      }
    }
    return ids;
  }

  /**
   * The alarms that are active, as a server tells them among the errors of its status. A key that
   * is no alarm is left out; {@link EtcdCheck} finds it.
   *
   * @param view left open
   * @return such as {@code memberID:123 alarm:NOSPACE }, with the blank at its end, in the order of
   *     the bucket
   * @throws StorageException as the view's calls
   */
  public static List<String> alarms(ReadView view) {
    List<String> alarms = new ArrayList<>();
    if (view.buckets().contains(EtcdBuckets.ALARM)) {
      try (Cursor cursor = view.openCursor(EtcdBuckets.ALARM)) {
        while (cursor.next()) {
          EtcdAlarm alarm = EtcdAlarm.decode(cursor.key());
          if (alarm != null) {
            alarms.add(alarm.text());
          }
        }
      }
    }
    return alarms;
  }

  /**
   * Whether the content has a member for a learner, which has no vote.
   *
   * @param view left open
   * @param memberId the member, unsigned
   * @return false for one that it does not name
   * @throws StorageException as the view's calls
   */
  public static boolean isLearner(ReadView view, long memberId) {
    byte[] key = EtcdBuckets.ascii(Long.toHexString(memberId));
    byte[] value = EtcdBuckets.get(view, EtcdBuckets.MEMBERS, key);
    Map<String, Object> member =
        value == null ? null : JsonReader.objectOrNull(ByteBuffer.wrap(value));
    return member != null && Boolean.TRUE.equals(member.get("isLearner"));
  }

  /** Main revision of the last entry of bucket {@code key}, 0 without one. */
  static long lastRevision(ReadView view) {
    if (!view.buckets().contains(EtcdBuckets.KEY)) {
      return 0;
    }
    byte[] last = view.lastKey(EtcdBuckets.KEY);
    return last == null ? 0 : Revision.decode(ByteBuffer.wrap(last)).main();
  }

  static long scheduledCompaction(ReadView view) {
    return metaRevision(view, SCHEDULED_COMPACTION);
  }

  static long finishedCompaction(ReadView view) {
    return metaRevision(view, FINISHED_COMPACTION);
  }

  private static long metaRevision(ReadView view, byte[] key) {
    byte[] value = EtcdBuckets.get(view, EtcdBuckets.META, key);
    return value == null ? 0 : Revision.decode(ByteBuffer.wrap(value)).main();
  }

  private static long metaNumber(ReadView view, byte[] key) {
    byte[] value = EtcdBuckets.get(view, EtcdBuckets.META, key);
    if (value == null) {
      return 0;
    }
    if (value.length != Long.BYTES) {
      throw StorageException.of(
          Code.CORRUPT,
          "bucket meta: %s has %d bytes, not 8"
              .formatted(new String(key, StandardCharsets.US_ASCII), value.length));
    }
    return ByteBuffer.wrap(value).getLong();
  }

  private static Optional<String> text(ReadView view, Bucket bucket, byte[] key) {
    return Optional.ofNullable(EtcdBuckets.get(view, bucket, key))
        .map(value -> new String(value, StandardCharsets.UTF_8));
  }
}
