package dev.cairn.etcd;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.StoreTx;
import dev.cairn.wal.ConfState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cluster that a snapshot is restored for: its members, their ids, and what of it stands in the
 * database. Every member of it is restored from the same snapshot, each with its own name.
 * Immutable.
 *
 * <p>Its log begins with one entry for each member, so the last index is their number; the term is
 * 1.
 */
public final class NewCluster {
  private static final Comparator<Member> BY_ID = (a, b) -> Long.compareUnsigned(a.id(), b.id());

  /** As many events as the v2 document remembers. */
  private static final int MEMBERS_MAX = 1000;

  static final byte[] CONF_STATE = EtcdBuckets.ascii("confState");

  private final ClusterFlags flags;
  private final List<Member> members;
  private final Member self;

  private NewCluster(ClusterFlags flags, List<Member> members, Member self) {
    this.flags = flags;
    this.members = members;
    this.self = self;
  }

  /**
   * Checks flags as etcdctl does, in its order and with its words. Where the member's URLs are not
   * the same text in both flags, the names of their hosts are looked up.
   *
   * @param flags as they were given
   * @return the cluster
   * @throws StorageException {@code limit}, saying what is wrong with which flag
   */
  public static NewCluster of(ClusterFlags flags) {
    return of(flags, HostLookup.SYSTEM);
  }

  static NewCluster of(ClusterFlags flags, HostLookup lookup) {
    PeerUrls advertised = PeerUrls.parse(Arrays.asList(flags.peerUrls().split(",", -1)));
    InitialCluster initial = InitialCluster.parse(flags.initialCluster());
    PeerUrls own = initial.members().get(flags.name());
    if (own == null) {
      throw wrong(
          "couldn't find local name %s in the initial cluster configuration"
              .formatted(GoText.quoted(flags.name())));
    }
    checkAdvertised(flags.name(), own, advertised, lookup);
    if (initial.hasUrlTwice()) {
      throw wrong("initial cluster " + initial + " has duplicate url");
    }
    List<Member> members = members(initial, flags.token());
    Member self =
        members.stream().filter(each -> each.name().equals(flags.name())).findFirst().orElseThrow();
    return new NewCluster(flags, members, self);
  }

  private static void checkAdvertised(
      String name, PeerUrls own, PeerUrls advertised, HostLookup lookup) {
    Optional<String> difference = advertised.differenceFrom(own, lookup);
    if (difference.isEmpty()) {
      return;
    }
    List<String> missing = own.without(advertised);
    if (!missing.isEmpty()) {
      throw wrong(
          "--initial-cluster has %s but missing from --initial-advertise-peer-urls=%s (%s)"
              .formatted(PeerUrls.pairs(name, missing), advertised.joined(), difference.get()));
    }
    List<String> surplus = advertised.without(own);
    String pairs = PeerUrls.pairs(name, advertised.texts());
    throw wrong(
        surplus.isEmpty()
            ? "failed to resolve %s to match --initial-cluster=%s (%s)"
                .formatted(advertised.joined(), pairs, difference.get())
            : "--initial-advertise-peer-urls has %s but missing from --initial-cluster=%s"
                .formatted(String.join(",", surplus), pairs));
  }

  private static List<Member> members(InitialCluster initial, String token) {
    if (initial.members().size() > MEMBERS_MAX) {
      throw wrong(
          "an initial cluster of %d members; at most %d"
              .formatted(initial.members().size(), MEMBERS_MAX));
    }
    List<Member> members = new ArrayList<>();
    for (Map.Entry<String, PeerUrls> each : initial.members().entrySet()) {
      members.add(Member.ofNewCluster(each.getKey(), each.getValue().texts(), token));
    }
    members.sort(BY_ID);
    checkIds(members);
    return List.copyOf(members);
  }

  private static void checkIds(List<Member> members) {
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      if (member.id() == 0) {
        throw wrong("cannot use 0 as member id");
      }
      if (i > 0 && member.id() == members.get(i - 1).id()) {
        throw wrong("member exists with identical ID " + member.idHex());
      }
    }
  }

  private static StorageException wrong(String what) {
    return StorageException.of(Code.LIMIT, what);
  }

  /**
   * The same for another etcd.
   *
   * @param target which
   * @return a changed copy
   */
  public NewCluster forTarget(TargetVersion target) {
    return new NewCluster(flags.withTarget(target), members, self);
  }

  /**
   * The id of the cluster.
   *
   * @return unsigned
   */
  public long clusterId() {
    ByteBuffer ids = ByteBuffer.allocate(members.size() * Long.BYTES);
    members.forEach(each -> ids.putLong(each.id()));
    return Member.id(ids.array());
  }

  /**
   * All members.
   *
   * @return in the order of their ids, at least one
   */
  public List<Member> members() {
    return members;
  }

  /**
   * The member that is restored.
   *
   * @return one of the members
   */
  public Member self() {
    return self;
  }

  /**
   * For which etcd.
   *
   * @return its version
   */
  public TargetVersion target() {
    return flags.target();
  }

  /**
   * The last entry of the log, which the database holds already.
   *
   * @return the number of members
   */
  public long index() {
    return members.size();
  }

  /**
   * The term of all entries of the log.
   *
   * @return 1
   */
  public long term() {
    return 1;
  }

  /**
   * The configuration as of the last entry.
   *
   * @return every member votes
   */
  public ConfState confState() {
    return ConfState.of(members.stream().map(Member::id).toList());
  }

  /**
   * What of a snapshot's content does not come into the restored database: its members, those it
   * has removed, and how far its log was applied. A term or a configuration that stayed would be
   * that of the old log, ahead of the new one.
   *
   * @param bucket one of the snapshot's
   * @param key one of the bucket's; not changed
   * @return true for an entry that is left out
   */
  public boolean drops(Bucket bucket, ByteBuffer key) {
    if (bucket.equals(EtcdBuckets.META)) {
      return is(key, EtcdView.CONSISTENT_INDEX)
          || is(key, EtcdView.TERM)
          || is(key, CONF_STATE)
          || (is(key, EtcdView.STORAGE_VERSION) && target() != TargetVersion.V3_6);
    }
    return bucket.equals(EtcdBuckets.MEMBERS) || bucket.equals(EtcdBuckets.MEMBERS_REMOVED);
  }

  private static boolean is(ByteBuffer key, byte[] name) {
    return key.equals(ByteBuffer.wrap(name));
  }

  /**
   * What comes into the restored database instead: the members, the index and, from 3.5 on, term
   * and configuration.
   *
   * @return in the order of buckets and keys; all of these were {@linkplain #drops dropped} before.
   *     Their buckets, {@code members} and {@code meta}, may have to be made
   */
  public List<SchemaEntry> entries() {
    List<SchemaEntry> entries = new ArrayList<>();
    members.stream()
        .sorted(Comparator.comparing(Member::idHex))
        .forEach(each -> entries.add(member(each)));
    if (target().keepsTerm()) {
      entries.add(
          new SchemaEntry(EtcdBuckets.META, CONF_STATE, utf8(ConfStateText.json(confState()))));
    }
    entries.add(
        new SchemaEntry(
            EtcdBuckets.META, EtcdView.CONSISTENT_INDEX, EtcdApplied.bigEndian(index())));
    if (target().keepsTerm()) {
      entries.add(new SchemaEntry(EtcdBuckets.META, EtcdView.TERM, EtcdApplied.bigEndian(term())));
    }
    return entries;
  }

  /**
   * Writes into an empty database what it holds before the first start: etcd's buckets, and the
   * {@link #entries}.
   *
   * @param tx of a store without buckets
   */
  public void makeDatabase(StoreTx tx) {
    EtcdBuckets.ALL.forEach(tx::createBucket);
    tx.put(EtcdBuckets.AUTH, EtcdBuckets.ascii("authRevision"), EtcdApplied.bigEndian(1));
    entries().forEach(each -> tx.put(each.bucket(), each.key(), each.value()));
  }

  private static SchemaEntry member(Member member) {
    return SchemaEntry.of(EtcdBuckets.MEMBERS, member.idHex(), utf8(member.json()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * What may bring the new cluster together with members of the old one.
   *
   * @param snapshot of which it is restored; left open
   * @return a line for each, empty when all is well
   * @throws StorageException as the view's calls
   */
  public List<String> warnings(ReadView snapshot) {
    List<String> warnings = new ArrayList<>();
    List<String> old = EtcdView.memberIds(snapshot);
    members.stream()
        .filter(each -> old.contains(each.idHex()))
        .forEach(
            each ->
                warnings.add(
                    "member %s has the id %s, as a member of the snapshot's cluster has; stop that"
                            .formatted(each.name(), each.idHex())
                        + " one for good, or restore with another --initial-cluster-token"));
    if (flags.token().equals(ClusterFlags.DEFAULT_TOKEN)) {
      warnings.add(
          "--initial-cluster-token is the default; if members of the old cluster may come back,"
              + " restore with one of your own");
    }
    return warnings;
  }
}
