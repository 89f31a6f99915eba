package dev.cairn.etcd;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.ReadView;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The buckets that every etcd makes at its start, and the keys of {@code meta}. */
final class EtcdBuckets {
  static final Bucket ALARM = Bucket.named("alarm");
  static final Bucket AUTH = Bucket.named("auth");
  static final Bucket AUTH_ROLES = Bucket.named("authRoles");
  static final Bucket AUTH_USERS = Bucket.named("authUsers");
  static final Bucket CLUSTER = Bucket.named("cluster");
  static final Bucket KEY = Bucket.named("key");
  static final Bucket LEASE = Bucket.named("lease");
  static final Bucket MEMBERS = Bucket.named("members");
  static final Bucket MEMBERS_REMOVED = Bucket.named("members_removed");
  static final Bucket META = Bucket.named("meta");

  /** All ten, in the order of their names. */
  static final List<Bucket> ALL =
      List.of(
          ALARM, AUTH, AUTH_ROLES, AUTH_USERS, CLUSTER, KEY, LEASE, MEMBERS, MEMBERS_REMOVED, META);

  private EtcdBuckets() {}

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The value at a key of a bucket that may be absent, or null. */
  static byte[] get(ReadView view, Bucket bucket, byte[] key) {
    return view.buckets().contains(bucket) ? view.get(bucket, key) : null;
  }
}
