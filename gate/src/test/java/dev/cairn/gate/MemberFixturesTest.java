package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cairn.etcd.Member;
import dev.cairn.etcd.RaftMembership;
import dev.cairn.etcd.V2Document;
import dev.cairn.raft.MemberConfig;
import dev.cairn.raft.RaftMember;
import dev.cairn.raft.Recovered;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Engines;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.testkit.TestRun;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import dev.cairn.wal.HardState;
import dev.cairn.wal.WalMetadata;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A member starts on every directory that a real etcd left, and finds what is in it. */
class MemberFixturesTest {
  private static final MemberConfig CONFIG = MemberConfig.engine("bbolt").withLockWaitMillisMax(0);

  @TempDir Path directory;

  static List<MemberFixture> fixtures() {
    return MemberFixture.all();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void isRecovered(MemberFixture fixture) throws IOException {
    Path data = fixture.unpack(directory.resolve("data"));
    for (int start = 0; start < 2; start++) {
      try (RaftMember member = RaftMember.open(data, CONFIG)) {
        check(fixture, member);
      }
    }
    TestRun.report("etcd's directories that a member starts on", 1);
  }

  private static void check(MemberFixture fixture, RaftMember member) {
    Recovered found = member.recovered();
    assertEquals(new WalMetadata(fixture.nodeId(), fixture.clusterId()), found.metadata());
    assertEquals(fixture.snapshotIndex(), found.snapshot().index());
    assertEquals(fixture.snapshotTerm(), found.snapshot().term());
    assertEquals(
        new HardState(fixture.term(), fixture.vote(), fixture.commit()), found.hardState());
    assertEquals(fixture.applied(), found.appliedIndex());
    assertEquals(fixture.applied(), member.store().applied().index());
    assertEquals(
        LongStream.rangeClosed(fixture.applied() + 1, fixture.commit()).boxed().toList(),
        found.replay().stream().map(Entry::index).toList());
    assertEquals(fixture.voters(), member.membership().confState().voters());
    assertEquals(fixture.voters(), member.membership().members().stream().map(Member::id).toList());
    assertEquals(fixture.snapshotIndex() + 1, member.log().firstIndex());
    assertEquals(fixture.commit(), member.log().lastIndex());
    assertFalse(found.repaired());
    assertFalse(found.imageInstalled());
  }

  /** Of a running server's log: name, URLs and version came as entries. */
  @Test
  void theMembershipIsFollowedThroughTheLog() throws IOException {
    Path data = MemberFixture.live().unpack(directory.resolve("data"));
    try (RaftMember member = RaftMember.open(data, CONFIG)) {
      RaftMembership found = member.membership();
      Member alpha =
          new Member(
              MemberFixture.live().nodeId(),
              "alpha",
              List.of("http://127.0.0.1:42875"),
              List.of("http://127.0.0.1:42874"),
              false);
      assertEquals(List.of(alpha), found.members());
      assertEquals(Optional.of("3.4.0"), found.clusterVersion());
      assertEquals(found, RaftMembership.of(V2Document.read(found.document()), found.confState()));
    }
  }

  /** From etcd 3.6 on the database counts, whatever log and snapshots say of the members. */
  @Test
  void aDatabaseOf36NamesTheMembers() throws IOException {
    Path data = MemberFixture.live().unpack(directory.resolve("data"));
    String id = Long.toHexString(MemberFixture.live().nodeId());
    String json = "{\"id\":%s,\"peerURLs\":[\"http://new:1\"],\"name\":\"renamed\"}";
    byte[] member = json.formatted(Long.toUnsignedString(MemberFixture.live().nodeId())).getBytes();
    StoreConfig store = MarkedContent.config(Engines.named("bbolt"));
    try (Store changed = Store.open(data.resolve("member/snap/db"), store)) {
      changed.update(
          tx -> {
            tx.put(Bucket.named("meta"), "storageVersion".getBytes(), "3.6.0".getBytes());
            tx.put(Bucket.named("members"), id.getBytes(), member);
            tx.put(Bucket.named("members_removed"), "abc".getBytes(), "removed".getBytes());
            tx.put(Bucket.named("cluster"), "clusterVersion".getBytes(), "3.6.0".getBytes());
          });
    }
    try (RaftMember opened = RaftMember.open(data, CONFIG)) {
      RaftMembership found = opened.membership();
      assertEquals(List.of("renamed"), found.members().stream().map(Member::name).toList());
      assertEquals(List.of("http://new:1"), found.members().get(0).peerUrls());
      assertEquals(List.of(0xabcL), found.removed());
      assertEquals(Optional.of("3.6.0"), found.clusterVersion());
      assertEquals(MemberFixture.live().voters(), found.confState().voters());
    }
  }

  /** What is applied from here on is written on in what etcd left. */
  @ParameterizedTest
  @MethodSource("fixtures")
  void isWrittenOn(MemberFixture fixture) throws IOException {
    Path data = fixture.unpack(directory.resolve("data"));
    long index = fixture.commit() + 1;
    Entry empty = new Entry(EntryType.NORMAL, fixture.term() + 1, index, new byte[0]);
    try (RaftMember member = RaftMember.open(data, CONFIG.withFilesKept(1))) {
      member.persist(new HardState(fixture.term() + 1, fixture.nodeId(), index), List.of(empty));
      member.apply(member.recovered().replay(), (tx, entry) -> {});
      member.apply(List.of(empty), (tx, entry) -> {});
      assertEquals(index, member.snapshot().orElseThrow().index());
      assertEquals(Optional.empty(), member.snapshot());
    }
    try (RaftMember member = RaftMember.open(data, CONFIG)) {
      assertEquals(index, member.recovered().snapshot().index());
      assertEquals(index, member.recovered().appliedIndex());
      assertEquals(fixture.voters(), member.membership().confState().voters());
      assertEquals(List.of(), member.recovered().replay());
    }
  }
}
