package dev.cairn.etcd;

import dev.cairn.spi.Batch;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

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
   * How a rewrite is asked for. Immutable.
   *
   * @param members the new cluster's, as bucket {@code members} holds them: id in lower-case hex
   *     without leading zeros, and the member as JSON
   * @param consistentIndex the raft index that the new cluster starts behind
   * @param term the raft term written beside it; empty for a server older than 3.5, which does not
   *     know it
   * @param revisionBump how far the revision is moved on, everything before then counting as
   *     compacted; 0: not at all
   */
  public record Order(
      Map<String, byte[]> members, long consistentIndex, OptionalLong term, long revisionBump) {
    /**
     * Copies the members.
     *
     * @param members as above
     * @param consistentIndex as above
     * @param term as above
     * @param revisionBump as above
     */
    public Order {
      members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
      if (revisionBump < 0) {
        throw new IllegalArgumentException("a revision is not moved by " + revisionBump);
      }
    }
  }

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
   * @param order what for
   * @return the changes
   * @throws StorageException {@code unsupported} for a content that is not etcd's; {@code corrupt};
   *     {@code limit} for a revision that would be moved too far; else as the view's calls
   */
  public static EtcdRewrite of(ReadView view, Order order) {
    if (!fits(view)) {
      throw StorageException.of(
          Code.UNSUPPORTED, "the content is not etcd's: it has no bucket key and meta");
    }
    List<String> notes = new ArrayList<>();
    Batch.Builder changes = Batch.builder();
    replaceMembers(view, order, changes, notes);
    changes.put(EtcdBuckets.META, EtcdView.CONSISTENT_INDEX, number(order.consistentIndex()));
    order.term().ifPresent(term -> changes.put(EtcdBuckets.META, EtcdView.TERM, number(term)));
    UnfinishedCompaction.finish(view, changes).ifPresent(notes::add);
    if (order.revisionBump() > 0) {
      notes.add(bump(view, order.revisionBump(), changes));
    }
    notes.addAll(CarriedAlarms.notes(view));
    return new EtcdRewrite(changes.build(), notes);
  }

  private static void replaceMembers(
      ReadView view, Order order, Batch.Builder changes, List<String> notes) {
    List<String> left = EtcdView.memberIds(view);
    changes.deleteBucket(EtcdBuckets.MEMBERS).createBucket(EtcdBuckets.MEMBERS);
    changes.deleteBucket(EtcdBuckets.MEMBERS_REMOVED).createBucket(EtcdBuckets.MEMBERS_REMOVED);
    order
        .members()
        .forEach((id, json) -> changes.put(EtcdBuckets.MEMBERS, EtcdBuckets.ascii(id), json));
    left.stream()
        .filter(order.members()::containsKey)
        .forEach(
            id ->
                notes.add(
                    "member %s was one of the snapshot's cluster, too: the old one must be stopped for good"
                        .formatted(id)));
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

  private static byte[] number(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }
}
