package dev.cairn.etcd;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.cairn.etcd.proto.RaftRequests.InternalRaftRequest;
import dev.cairn.etcd.proto.RaftRequests.RequestV2;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.StoreTx;
import dev.cairn.wal.ConfChange;
import dev.cairn.wal.ConfState;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who belongs to a cluster as of some entry of its log, and who of them votes. Immutable.
 *
 * <p>It is followed entry by entry. As in etcd, a change that has become pointless when it is its
 * turn changes nothing: of a member that is removed for good, of one that is not there, or one with
 * a URL that another has.
 *
 * @param members in the order of their ids
 * @param removed ids of members that are gone, in their order
 * @param clusterVersion that the members agreed on
 * @param confState who votes; voters and learners in the order of their ids
 */
public record RaftMembership(
    List<Member> members,
    List<Long> removed,
    Optional<String> clusterVersion,
    ConfState confState) {
  /** Before the first entry. */
  public static final RaftMembership EMPTY =
      new RaftMembership(List.of(), List.of(), Optional.empty(), ConfState.of(List.of()));

  private static final byte[] REMOVED = EtcdBuckets.ascii("removed");
  private static final String MEMBERS_PATH = "/0/members/";
  private static final String ATTRIBUTES = "/attributes";

  /**
   * Copies the lists.
   *
   * @param members in the order of their ids
   * @param removed ids of members that are gone
   * @param clusterVersion that the members agreed on
   * @param confState who votes
   */
  public RaftMembership {
    members = List.copyOf(members);
    removed = List.copyOf(removed);
  }

  /**
   * As of a snapshot of raft's, up to etcd 3.5.
   *
   * @param document what the snapshot's data holds
   * @param confState the snapshot's
   * @return the membership
   */
  public static RaftMembership of(V2Document document, ConfState confState) {
    return new RaftMembership(
        document.members(), document.removed(), document.clusterVersion(), confState);
  }

  /**
   * The same with the members that a database names, where these count: from etcd 3.6 on.
   *
   * @param view of the database, left open
   * @return with this one's configuration
   * @throws StorageException {@code corrupt} for a member that cannot be read; else as the view's
   *     calls
   */
  public RaftMembership withMembersOf(ReadView view) {
    SortedMap<Long, Member> found = new TreeMap<>(Long::compareUnsigned);
    if (view.buckets().contains(EtcdBuckets.MEMBERS)) {
      try (Cursor cursor = view.openCursor(EtcdBuckets.MEMBERS)) {
        while (cursor.next()) {
          Member member = Member.read(bytes(cursor.value())).orElseThrow(RaftMembership::damaged);
          found.put(member.id(), member);
        }
      }
    }
    SortedSet<Long> gone = new TreeSet<>(Long::compareUnsigned);
    if (view.buckets().contains(EtcdBuckets.MEMBERS_REMOVED)) {
      try (Cursor cursor = view.openCursor(EtcdBuckets.MEMBERS_REMOVED)) {
        while (cursor.next()) {
          gone.add(id(StandardCharsets.US_ASCII.decode(cursor.key()).toString()));
        }
      }
    }
    return new RaftMembership(
        List.copyOf(found.values()), List.copyOf(gone), EtcdView.clusterVersion(view), confState);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static long id(String hex) {
    try {
      return Long.parseUnsignedLong(hex, 16);
    } catch (NumberFormatException e) {
      throw damaged();
    }
  }

  private static StorageException damaged() {
    return StorageException.of(Code.CORRUPT, "a bucket of members holds what is no member");
  }

  /**
   * The membership after an entry.
   *
   * @param entry agreed on, the one behind those that this is as of
   * @return this one where the entry is of anything else
   * @throws StorageException {@code corrupt} for a change that cannot be read; {@code unsupported}
   *     for one that goes through a joint configuration, which etcd never makes
   */
  public RaftMembership after(Entry entry) {
    return entry.type() == EntryType.NORMAL
        ? afterRequest(entry.data())
        : afterChange(ConfChange.decode(entry));
  }

  private RaftMembership afterChange(ConfChange change) {
    if (change.steps().size() != 1 || change.transition() != ConfChange.Transition.AUTO) {
      throw StorageException.of(
          Code.UNSUPPORTED, "the log changes the configuration through a joint one");
    }
    ConfChange.Step step = change.steps().get(0);
    if (step.nodeId() == 0 || removed.contains(step.nodeId())) {
      return this;
    }
    return switch (step.action()) {
      case ADD_NODE -> added(step.nodeId(), change.context(), false);
      case ADD_LEARNER_NODE -> added(step.nodeId(), change.context(), true);
      case UPDATE_NODE -> updated(step.nodeId(), change.context());
      case REMOVE_NODE -> without(step.nodeId());
    };
  }

  private Optional<Member> member(long id) {
    return members.stream().filter(each -> each.id() == id).findFirst();
  }

  private boolean isUsed(Member newcomer) {
    return members.stream()
        .filter(each -> each.id() != newcomer.id())
        .anyMatch(each -> each.peerUrls().stream().anyMatch(newcomer.peerUrls()::contains));
  }

  /** Also how a learner gets its vote: by being added once more. */
  private RaftMembership added(long id, byte[] context, boolean learner) {
    Optional<Member> there = member(id);
    if (there.isPresent()) {
      boolean promoted = !learner && there.get().learner();
      return promoted ? with(copy(there.get(), there.get().peerUrls(), false)) : this;
    }
    Member told = Member.read(context).orElse(new Member(id, "", List.of(), List.of(), learner));
    Member added = new Member(id, told.name(), told.peerUrls(), told.clientUrls(), learner);
    return isUsed(added) ? this : with(added);
  }

  private RaftMembership updated(long id, byte[] context) {
    Optional<Member> there = member(id);
    Optional<Member> told = Member.read(context);
    if (there.isEmpty()
        || told.isEmpty()
        || isUsed(copy(told.get(), told.get().peerUrls(), false))) {
      return this;
    }
    return with(copy(there.get(), told.get().peerUrls(), there.get().learner()));
  }

  private static Member copy(Member member, List<String> peerUrls, boolean learner) {
    return new Member(member.id(), member.name(), peerUrls, member.clientUrls(), learner);
  }

  private RaftMembership with(Member member) {
    List<Member> more = new ArrayList<>(members);
    more.removeIf(each -> each.id() == member.id());
    more.add(member);
    more.sort((a, b) -> Long.compareUnsigned(a.id(), b.id()));
    return new RaftMembership(more, removed, clusterVersion, configuration(more));
  }

  private RaftMembership without(long id) {
    if (member(id).isEmpty()) {
      return this;
    }
    List<Member> left = members.stream().filter(each -> each.id() != id).toList();
    List<Long> gone = new ArrayList<>(removed);
    gone.add(id);
    gone.sort(Long::compareUnsigned);
    return new RaftMembership(left, gone, clusterVersion, configuration(left));
  }

  private static ConfState configuration(List<Member> members) {
    return new ConfState(ids(members, false), ids(members, true), List.of(), List.of(), false);
  }

  private static List<Long> ids(List<Member> members, boolean learners) {
    return members.stream().filter(each -> each.learner() == learners).map(Member::id).toList();
  }

  /** Names and versions came as requests of etcd 2 up to 3.4. */
  private RaftMembership afterRequest(byte[] data) {
    try {
      InternalRaftRequest request = InternalRaftRequest.parseFrom(data);
      if (request.hasV2()) {
        return afterV2(request.getV2());
      }
      if (request.hasClusterVersionSet()) {
        return withVersion(request.getClusterVersionSet().getVer());
      }
      if (request.hasClusterMemberAttrSet()) {
        var set = request.getClusterMemberAttrSet();
        return withAttributes(
            set.getMemberID(),
            set.getMemberAttributes().getName(),
            set.getMemberAttributes().getClientUrlsList());
      }
      return this;
    } catch (InvalidProtocolBufferException notOfEtcd3) {
      return afterV2(data);
    }
  }

  private RaftMembership afterV2(byte[] data) {
    try {
      return afterV2(RequestV2.parseFrom(data));
    } catch (InvalidProtocolBufferException notThatEither) {
      throw StorageException.of(Code.CORRUPT, "the bytes are no request of etcd's");
    }
  }

  private RaftMembership afterV2(RequestV2 request) {
    String path = request.getPath();
    if (!request.getMethod().equals("PUT")) {
      return this;
    }
    if (path.equals("/0/version")) {
      return withVersion(request.getVal());
    }
    if (path.startsWith(MEMBERS_PATH) && path.endsWith(ATTRIBUTES)) {
      JsonTree attributes = JsonTree.readOrNothing(request.getVal());
      return withAttributes(
          id(path.substring(MEMBERS_PATH.length(), path.length() - ATTRIBUTES.length())),
          attributes.at("name").text(),
          attributes.at("clientURLs").texts());
    }
    return this;
  }

  private RaftMembership withVersion(String version) {
    return new RaftMembership(members, removed, Optional.of(version), confState);
  }

  private RaftMembership withAttributes(long id, String name, List<String> clientUrls) {
    Optional<Member> there = member(id);
    if (there.isEmpty()) {
      return this;
    }
    List<Member> changed = new ArrayList<>(members);
    Member old = there.get();
    changed.set(
        members.indexOf(old), new Member(id, name, old.peerUrls(), clientUrls, old.learner()));
    return new RaftMembership(changed, removed, clusterVersion, confState);
  }

  /**
   * The document that a snapshot of raft's carries.
   *
   * @return JSON, as etcd 3.6 makes it of its members, without a history
   */
  public byte[] document() {
    return MembershipDocument.write(this);
  }

  /**
   * Writes into a database what an entry has changed of the membership, as etcd does.
   *
   * @param tx the update that applies the entry; with etcd's buckets
   * @param before as it was before the entry
   * @param withConfState whether the configuration is written as well, as from etcd 3.5 on
   */
  public void write(StoreTx tx, RaftMembership before, boolean withConfState) {
    for (Member member : members) {
      if (!before.members.contains(member)) {
        tx.put(EtcdBuckets.MEMBERS, EtcdBuckets.ascii(member.idHex()), utf8(member.json()));
      }
    }
    for (Long gone : removed) {
      if (!before.removed.contains(gone)) {
        byte[] id = EtcdBuckets.ascii(Long.toHexString(gone));
        tx.delete(EtcdBuckets.MEMBERS, id);
        tx.put(EtcdBuckets.MEMBERS_REMOVED, id.clone(), REMOVED.clone());
      }
    }
    if (!before.clusterVersion.equals(clusterVersion)) {
      clusterVersion.ifPresent(
          version -> tx.put(EtcdBuckets.CLUSTER, EtcdView.CLUSTER_VERSION.clone(), utf8(version)));
    }
    if (withConfState && !before.confState.equals(confState)) {
      tx.put(EtcdBuckets.META, NewCluster.CONF_STATE.clone(), utf8(ConfStateText.json(confState)));
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
