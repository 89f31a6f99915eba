package dev.cairn.etcd;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.ReadView;
import java.nio.ByteBuffer;
import java.util.Set;

/** Looks at the entries of one bucket of etcd's, in their order. */
interface BucketCheck {
  /** One more entry; the buffers are left as they are, and are dead afterwards. */
  void entry(ByteBuffer key, ByteBuffer value);

  /** There are no more. */
  default void end() {}

  /** The check of a bucket; of one that etcd does not have, none. */
  static BucketCheck of(Bucket bucket, ReadView view, CheckLog log) {
    String name = bucket.toString();
    CheckLog.InBucket in = log.in(name);
    return switch (name) {
      case "alarm" -> new AlarmCheck(in);
      case "auth" -> new AuthCheck(in);
      case "authRoles" -> new RoleCheck(in);
      case "authUsers" -> new UserCheck(view, in);
      case "cluster" -> new ClusterCheck(in);
      case "key" -> new KeySpaceCheck(view, in);
      case "lease" -> new LeaseCheck(in);
      case "members" -> new MemberCheck(view, in);
      case "members_removed" -> new RemovedCheck(in);
      case "meta" -> new MetaCheck(view, in);
      default -> {
        in.note("is none of etcd's buckets; only the order of its keys was checked");
        yield (key, value) -> {};
      }
    };
  }

  /**
   * Whether a content is etcd's: it has the two buckets without which there is nothing to check.
   */
  static boolean isEtcds(ReadView view) {
    Set<Bucket> buckets = Set.copyOf(view.buckets());
    long known = EtcdBuckets.ALL.stream().filter(buckets::contains).count();
    boolean core = buckets.contains(EtcdBuckets.KEY) && buckets.contains(EtcdBuckets.META);
    return core || known > EtcdBuckets.ALL.size() / 2;
  }
}
