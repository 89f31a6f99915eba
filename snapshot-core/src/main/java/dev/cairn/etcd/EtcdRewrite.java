package dev.cairn.etcd;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What is changed of a content of etcd's before a new cluster starts on it, whatever engine holds
 * it: the members it names, the raft index and term it is at, a compaction that was under way, and,
 * where that is asked for, its revision. Nothing else is: leases, users, alarms and the cluster
 * version come along as they are.
 *
 * @param changes all of it as one batch over the content
 * @param notes what a person should know, a sentence each
 */
public record EtcdRewrite(Batch changes, List<String> notes) {
  /**
   * Copies the notes.
   *
   * @param changes as above
   * @param notes as above
   */
  public EtcdRewrite {
    notes = List.copyOf(notes);
  }

  /**
   * Whether a content is etcd's: it has the buckets that no server of etcd goes without.
   *
   * @param view left open
   * @return true for a content that {@link #of} takes
   * @throws StorageException as the view's calls
   */
  public static boolean fits(ReadView view) {
    return view.buckets().contains(EtcdBuckets.KEY) && view.buckets().contains(EtcdBuckets.META);
  }

  /**
   * Finds what is to be changed of a content.
   *
   * <p>Heap: next to none; where a compaction is to be finished, an entry for each key and each
   * change that it takes away.
   *
   * @param view left open
   * @param cluster starts on it
   * @param revisionBump how far the revision is moved on, everything before then counting as
   *     compacted; 0: not at all
   * @return the changes
   * @throws StorageException {@code unsupported} for a content that is not etcd's; {@code corrupt};
   *     {@code limit} for a revision that would be moved too far; else as the view's calls
   */
  public static EtcdRewrite of(ReadView view, NewCluster cluster, long revisionBump) {
    if (!fits(view)) {
      throw StorageException.of(
          Code.UNSUPPORTED, "the content is not etcd's: it has no bucket key and meta");
    }
    List<String> notes = new ArrayList<>(cluster.warnings(view));
    Batch.Builder changes = Batch.builder();
    replaceMembers(view, cluster, changes);
    UnfinishedCompaction.finish(view, changes).ifPresent(notes::add);
    if (revisionBump > 0) {
      notes.add(bump(view, revisionBump, changes));
    }
    for (String alarm : EtcdView.alarms(view)) {
      notes.add("an alarm comes along, disarm it: " + alarm.strip());
    }
    return new EtcdRewrite(changes.build(), notes);
  }

  private static void replaceMembers(ReadView view, NewCluster cluster, Batch.Builder changes) {
    for (Bucket bucket : List.of(EtcdBuckets.MEMBERS, EtcdBuckets.MEMBERS_REMOVED)) {
      readThrough(view, bucket);
      changes.deleteBucket(bucket).createBucket(bucket);
    }
    try (Cursor cursor = view.openCursor(EtcdBuckets.META)) {
      while (cursor.next()) {
        if (cluster.drops(EtcdBuckets.META, cursor.key())) {
          changes.delete(EtcdBuckets.META, bytes(cursor.key()));
        }
      }
    }
    cluster.entries().forEach(each -> changes.put(each.bucket(), each.key(), each.value()));
  }

  /** Nobody else reads what is dropped, and damage there is damage of the snapshot, too. */
  private static void readThrough(ReadView view, Bucket bucket) {
    if (view.buckets().contains(bucket)) {
      try (Cursor cursor = view.openCursor(bucket)) {
        while (cursor.next()) {
          cursor.value();
        }
      }
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(copy);
    return copy;
  }

  /** An entry without a value, as etcdutl makes it: only its revision counts. */
  private static String bump(ReadView view, long by, Batch.Builder changes) {
    long from = EtcdView.currentRevision(view);
    if (from > Long.MAX_VALUE - by) {
      throw StorageException.of(
          Code.LIMIT, "revision %d cannot be moved on by %d".formatted(from, by));
    }
    byte[] revision = Revision.of(from + by, 0).encode();
    changes.put(EtcdBuckets.KEY, revision, new byte[0]);
    changes.put(EtcdBuckets.META, EtcdView.SCHEDULED_COMPACTION, revision);
    return "the revision was moved from %d to %d; all before counts as compacted"
        .formatted(from, from + by);
  }
}
