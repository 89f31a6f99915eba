package dev.cairn.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import dev.cairn.etcd.proto.RaftRequests.InternalRaftRequest;
import dev.cairn.etcd.proto.RaftRequests.RequestV2;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.wal.ConfChange;
import dev.cairn.wal.ConfChange.Action;
import dev.cairn.wal.ConfChange.Step;
import dev.cairn.wal.ConfChange.Transition;
import dev.cairn.wal.ConfState;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The membership follows the log as etcd's does, and its document says the same. */
class RaftMembershipTest {
  /** Above all others where ids were signed. */
  private static final long LAST = -2;

  private final RaftMembership two =
      RaftMembership.EMPTY
          .after(change(Action.ADD_NODE, LAST, member(LAST, "http://last:1")))
          .after(change(Action.ADD_NODE, 5, member(5, "http://five:1")));

  private static String member(long id, String url) {
    return new Member(id, "", List.of(url), List.of(), false).json();
  }

  private static Entry change(Action action, long id, String context) {
    ConfChange change =
        new ConfChange(Transition.AUTO, List.of(new Step(action, id)), context.getBytes(UTF_8));
    return new Entry(EntryType.CONF_CHANGE, 1, 1, change.encode());
  }

  private static Entry v2(String method, String path, String value) {
    RequestV2 request =
        RequestV2.newBuilder().setID(7).setMethod(method).setPath(path).setVal(value).build();
    return new Entry(EntryType.NORMAL, 1, 1, request.toByteArray());
  }

  private static Entry request(InternalRaftRequest.Builder request) {
    return new Entry(EntryType.NORMAL, 1, 1, request.build().toByteArray());
  }

  private static List<Long> ids(RaftMembership membership) {
    return membership.members().stream().map(Member::id).toList();
  }

  @Test
  void membersStandInTheOrderOfTheirIds() {
    assertEquals(List.of(5L, LAST), ids(two));
    assertEquals(ConfState.of(List.of(5L, LAST)), two.confState());
    assertEquals(List.of("http://five:1"), two.members().get(0).peerUrls());
  }

  @Test
  void aMemberThatIsRemovedNeverComesBack() {
    RaftMembership one = two.after(change(Action.REMOVE_NODE, 5, ""));
    assertEquals(List.of(LAST), ids(one));
    assertEquals(List.of(5L), one.removed());
    assertEquals(ConfState.of(List.of(LAST)), one.confState());
    assertSame(one, one.after(change(Action.ADD_NODE, 5, member(5, "http://other:1"))));
    assertSame(one, one.after(change(Action.REMOVE_NODE, 5, "")));
    assertSame(one, one.after(change(Action.REMOVE_NODE, 77, "")));
  }

  @Test
  void aLearnerIsPromoted() {
    RaftMembership learning =
        two.after(change(Action.ADD_LEARNER_NODE, 6, member(6, "http://six:1")));
    assertEquals(List.of(6L), learning.confState().learners());
    assertEquals(List.of(5L, LAST), learning.confState().voters());
    RaftMembership three =
        learning.after(change(Action.ADD_NODE, 6, member(6, "http://not-looked-at:1")));
    assertEquals(ConfState.of(List.of(5L, 6L, LAST)), three.confState());
    assertEquals(List.of("http://six:1"), three.members().get(1).peerUrls());
  }

  @Test
  void urlsChangeUnlessAnotherHasThem() {
    RaftMembership moved = two.after(change(Action.UPDATE_NODE, 5, member(5, "http://moved:1")));
    assertEquals(List.of("http://moved:1"), moved.members().get(0).peerUrls());
    assertSame(two, two.after(change(Action.UPDATE_NODE, 5, member(5, "http://last:1"))));
    assertSame(two, two.after(change(Action.UPDATE_NODE, 77, member(77, "http://new:1"))));
    assertSame(two, two.after(change(Action.ADD_NODE, 6, member(6, "http://last:1"))));
    assertSame(two, two.after(change(Action.ADD_NODE, 5, member(5, "http://again:1"))));
    assertSame(two, two.after(change(Action.ADD_NODE, 0, "")));
  }

  @Test
  void namesAndVersionComeAsRequests() {
    String attributes = "{\"name\":\"five\",\"clientURLs\":[\"http://five:2\"]}";
    RaftMembership named =
        two.after(v2("PUT", "/0/members/5/attributes", attributes))
            .after(v2("PUT", "/0/version", "3.4.0"));
    Member five = new Member(5, "five", List.of("http://five:1"), List.of("http://five:2"), false);
    assertEquals(five, named.members().get(0));
    assertEquals(Optional.of("3.4.0"), named.clusterVersion());
    assertSame(named, named.after(v2("PUT", "/0/members/77/attributes", attributes)));
    assertSame(named, named.after(v2("PUT", "/1/key", "value")));
    assertSame(named, named.after(v2("DELETE", "/0/version", "")));
  }

  @Test
  void newerVersionsHaveRequestsOfTheirOwn() {
    var request = InternalRaftRequest.newBuilder();
    request.getClusterMemberAttrSetBuilder().setMemberID(LAST);
    request
        .getClusterMemberAttrSetBuilder()
        .getMemberAttributesBuilder()
        .setName("last")
        .addClientUrls("http://last:2");
    RaftMembership named = two.after(request(request));
    assertEquals("last", named.members().get(1).name());
    request = InternalRaftRequest.newBuilder();
    request.getClusterVersionSetBuilder().setVer("3.6.0");
    assertEquals(Optional.of("3.6.0"), named.after(request(request)).clusterVersion());
    request = InternalRaftRequest.newBuilder();
    request.getPutBuilder().setKey(ByteString.copyFromUtf8("k"));
    assertSame(named, named.after(request(request)));
    assertSame(named, named.after(new Entry(EntryType.NORMAL, 1, 1, new byte[0])));
  }

  @Test
  void theDocumentSaysTheSame() {
    RaftMembership full =
        two.after(change(Action.ADD_LEARNER_NODE, 6, member(6, "http://six:1/?a=<&>")))
            .after(v2("PUT", "/0/members/6/attributes", "{\"name\":\"s\\\"ix\"}"))
            .after(v2("PUT", "/0/version", "3.5.0"))
            .after(change(Action.REMOVE_NODE, 5, ""));
    V2Document read = V2Document.read(full.document());
    assertEquals(full, RaftMembership.of(read, full.confState()));
    assertEquals(List.of(5L), read.removed());
    assertEquals(5, read.index());
  }

  @Test
  void whatCannotBeReadIsRefused() {
    Entry junk = new Entry(EntryType.NORMAL, 1, 1, new byte[] {1, 2, 3});
    assertEquals(Code.CORRUPT, assertThrows(StorageException.class, () -> two.after(junk)).code());
    Entry noChange = new Entry(EntryType.CONF_CHANGE, 1, 1, new byte[] {1, 2, 3});
    assertEquals(
        Code.CORRUPT, assertThrows(StorageException.class, () -> two.after(noChange)).code());
    Entry leaveJoint = new Entry(EntryType.CONF_CHANGE_V2, 1, 1, new byte[0]);
    assertEquals(
        Code.UNSUPPORTED, assertThrows(StorageException.class, () -> two.after(leaveJoint)).code());
  }
}
