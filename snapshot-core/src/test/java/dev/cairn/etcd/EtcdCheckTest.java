package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.Fixture;
import dev.cairn.snapshot.MapView;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is right is called right, and each rule that is broken is named with its bucket and key. */
class EtcdCheckTest {
  private static final long SEED = TestRun.seed(EtcdCheckTest.class);

  private final SplittableRandom random = new SplittableRandom(SEED);

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Fixture.class)
  void whatEtcdWroteIsRight(Fixture fixture) {
    try (ReadView view = SnapshotFile.inspect(fixture.in(directory)).openView()) {
      EtcdCheck check = EtcdCheck.of(view);
      assertEquals(List.of(), check.findings());
      assertEquals(10, check.buckets());
      assertEquals(fixture.totalKeys, check.entries());
      List<String> notes =
          fixture == Fixture.RICH
              ? List.of(
                  "bucket alarm, key 0x08b29582818bd0b2b5481001: alarm NOSPACE of member"
                      + " 486aca80b0208ab2 is active; a server on this content refuses writes"
                      + " until it is disarmed")
              : List.of();
      assertEquals(notes, check.notes());
    }
  }

  @Test
  void everyHistoryIsRightWhateverWasCompacted() {
    KeyHistories keys = new KeyHistories(random);
    int rounds = TestRun.count(1_000, 50_000);
    for (int i = 0; i < rounds; i++) {
      keys.draw();
      long compaction = random.nextLong(1, keys.lastRevision() + 1);
      MapView half = keys.interrupted(compaction, random.nextLong(compaction));
      List<MapView> views =
          List.of(
              keys.compacted(0),
              keys.compacted(compaction),
              keys.compactedByNewer(compaction),
              half);
      for (MapView view : views) {
        assertEquals(List.of(), EtcdCheck.of(view).findings());
      }
      assertEquals(
          List.of(
              "bucket meta: compaction to %d is scheduled and not finished; a server finishes it"
                      .formatted(compaction)
                  + " when it starts"),
          EtcdCheck.of(half).notes());
    }
    TestRun.report("right histories checked", 4L * rounds);
  }

  /** But for the last change of a transaction, which nobody can miss when no later one does. */
  @Test
  void aLostRevisionIsFound() {
    KeyHistories keys = new KeyHistories(random);
    int found = 0;
    for (int i = 0; i < TestRun.count(500, 20_000); i++) {
      keys.draw();
      List<KeyHistories.Change> changes = keys.changes();
      int lost = random.nextInt(changes.size());
      Revision at = changes.get(lost).at();
      boolean lastOfAll = lost + 1 == changes.size();
      boolean lastOfItsOwn = lastOfAll || changes.get(lost + 1).at().main() > at.main();
      if (lastOfAll || (lastOfItsOwn && at.sub() > 0)) {
        continue;
      }
      MapView view = keys.compacted(0).remove("key", at.encode());
      assertTrue(!EtcdCheck.of(view).findings().isEmpty(), at + " of " + changes);
      found++;
    }
    TestRun.report("lost revisions found", found);
  }

  @Test
  void theSmallContentIsRight() {
    EtcdCheck check = EtcdCheck.of(SmallContent.right());
    assertEquals(List.of(), check.findings());
    assertEquals(List.of(), check.notes());
  }

  private static Arguments broken(String line, Consumer<MapView> how) {
    return Arguments.of(line, how);
  }

  static List<Arguments> broken() {
    List<Arguments> all = new ArrayList<>(brokenKeys());
    all.addAll(brokenMeta());
    all.addAll(brokenMembers());
    all.addAll(brokenRest());
    return all;
  }

  private static List<Arguments> brokenKeys() {
    return List.of(
        broken("bucket key, key \"x\": is no revision", v -> v.put("key", "x", "")),
        broken(
            "bucket key, key 3/0: its value is no KeyValue",
            v -> v.put("key", Revision.of(3, 0).encode(), new byte[] {10, 9})),
        broken(
            "bucket key, key 3/0 of \"b\": says that it is revision 4",
            v -> SmallContent.put(v, 3, SmallContent.entry("b", 3, 4, 1))),
        broken(
            "bucket key, key 3/0 of \"b\": is no version 2 of what revision 3 made",
            v -> SmallContent.put(v, 3, SmallContent.entry("b", 3, 3, 2))),
        broken(
            "bucket key, key 3/0 of \"b\": is no version 1 of what revision 4 made",
            v -> SmallContent.put(v, 3, SmallContent.entry("b", 4, 3, 1))),
        broken(
            "bucket key, key 3/0 of \"b\": is no version 3 of what revision 2 made",
            v -> SmallContent.put(v, 3, SmallContent.entry("b", 2, 3, 3))),
        broken(
            "bucket key, key 3/0 of \"b\": is version 2, and there is none before it",
            v -> SmallContent.put(v, 3, SmallContent.entry("b", 2, 3, 2))),
        broken(
            "bucket key, key 4/0 of \"a\": is version 2 of what revision 3 made; before it is"
                + " version 1 of what 2 made",
            v -> SmallContent.put(v, 4, SmallContent.entry("a", 3, 4, 2))),
        broken(
            "bucket key, key 3/0 of \"\": has no key",
            v -> SmallContent.put(v, 3, SmallContent.entry("", 3, 3, 1))),
        broken(
            "bucket key, key 3/0 of \"b\": has fields that etcd does not write, or not in that"
                + " order",
            v ->
                v.put(
                    "key",
                    Revision.of(3, 0).encode(),
                    new byte[] {16, 3, 10, 1, 'b', 24, 3, 32, 1})),
        broken(
            "bucket key, key 3/0 of \"b\": hangs on lease 0000000000000008, which is not there",
            v -> SmallContent.put(v, 3, SmallContent.entry("b", 3, 3, 1).setLease(8))),
        broken(
            "bucket key, key 5/0: revisions 3 to 4 are missing",
            v ->
                v.remove("key", Revision.of(3, 0).encode())
                    .remove("key", Revision.of(4, 0).encode())),
        broken(
            "bucket key, key 5/1 of \"zz\": deletes a key that does not live",
            v -> v.put("key", new Revision(5, 1, true).encode(), new byte[] {10, 2, 'z', 'z'})),
        broken(
            "bucket key, key 5/2: changes of its transaction are missing before it",
            v -> v.put("key", new Revision(5, 2, true).encode(), new byte[] {10, 1, 'b'})),
        broken(
            "bucket key, key 5/0 of \"a\": is a deletion with more than a key, or without one",
            v -> v.put("key", new Revision(5, 0, true).encode(), new byte[] {10, 1, 'a', 16, 5})),
        broken(
            "bucket key, key 5/0: is there twice, as a put and as a deletion",
            v -> SmallContent.put(v, 5, SmallContent.entry("c", 5, 5, 1))),
        broken(
            "bucket key, key 1/0: is no revision that a store ever has",
            v -> SmallContent.put(v, 1, SmallContent.entry("c", 1, 1, 1))),
        broken(
            "bucket key, key 4/0 of \"a\": is another entry of its key that the compaction to 4"
                + " left",
            v -> compacted(v, 4)));
  }

  private static void compacted(MapView view, long at) {
    view.put("meta", EtcdView.SCHEDULED_COMPACTION, Revision.of(at, 0).encode());
    view.put("meta", EtcdView.FINISHED_COMPACTION, Revision.of(at, 0).encode());
  }

  private static List<Arguments> brokenMeta() {
    return List.of(
        broken(
            "bucket meta: has no consistent_index",
            v -> v.remove("meta", EtcdView.CONSISTENT_INDEX)),
        broken(
            "bucket meta, key \"consistent_index\": is \"9\", not a number of 8 bytes",
            v -> v.put("meta", "consistent_index", "9")),
        broken(
            "bucket meta, key \"term\": is 0xffffffffffffffff, not a number of 8 bytes",
            v -> v.put("meta", EtcdView.TERM, EtcdApplied.bigEndian(-1))),
        broken(
            "bucket meta, key \"scheduledCompactRev\": is \"x\", not the revision of a compaction",
            v -> v.put("meta", "scheduledCompactRev", "x")),
        broken(
            "bucket meta: compaction is scheduled to 6, beyond the newest revision",
            v -> v.put("meta", EtcdView.SCHEDULED_COMPACTION, Revision.of(6, 0).encode())),
        broken(
            "bucket meta: compaction to 2 is finished, scheduled only to 0",
            v -> v.put("meta", EtcdView.FINISHED_COMPACTION, Revision.of(2, 0).encode())),
        broken(
            "bucket meta, key \"confState\": its value is no ConfState",
            v -> v.put("meta", "confState", "{\"voters\":[-1],\"auto_leave\":false}")),
        broken(
            "bucket meta, key \"storageVersion\": \"3.6\" is no version",
            v -> v.put("meta", "storageVersion", "3.6")),
        broken("bucket lease: missing; every etcd makes it", v -> v.remove("lease")));
  }

  private static List<Arguments> brokenMembers() {
    return List.of(
        broken("bucket members, key \"01a\": is no member id", v -> v.put("members", "01a", "{}")),
        broken(
            "bucket members, key \"1a\": its value is no JSON object",
            v -> v.put("members", "1a", "{\"id\":26,}")),
        broken(
            "bucket members, key \"1a\": is the member of another id",
            v -> v.put("members", "1a", "{\"id\":27,\"peerURLs\":[\"http://a:1\"]}")),
        broken(
            "bucket members, key \"1a\": has no list of peerURLs",
            v -> v.put("members", "1a", "{\"id\":26,\"peerURLs\":[]}")),
        broken(
            "bucket members, key \"1a\": its name is no text, or its isLearner neither true nor"
                + " false",
            v -> v.put("members", "1a", "{\"id\":26,\"peerURLs\":[\"u\"],\"name\":7}")),
        broken(
            "bucket members_removed, key \"2b\": is \"gone\", not \"removed\"",
            v -> v.put("members_removed", "2b", "gone")),
        broken(
            "bucket members_removed, key \"XY\": is no member id",
            v -> v.put("members_removed", "XY", "removed")));
  }

  private static List<Arguments> brokenRest() {
    return List.of(
        broken(
            "bucket lease, key 0x0000000000000007: its value is no Lease",
            v -> v.put("lease", EtcdApplied.bigEndian(7), new byte[] {8, 7, 34, 1, 1})),
        broken(
            "bucket lease, key 0x0000000000000007: holds lease 0000000000000008",
            v -> v.put("lease", EtcdApplied.bigEndian(7), new byte[] {8, 8, 16, 60})),
        broken(
            "bucket lease, key 0x0000000000000007: lives 60 seconds, of which 61 are left",
            v -> v.put("lease", EtcdApplied.bigEndian(7), new byte[] {8, 7, 16, 60, 24, 61})),
        broken(
            "bucket lease, key \"id\": is no lease id: it has 2 bytes, not 8",
            v -> v.put("lease", "id", "")),
        broken("bucket alarm, key 0x1003: is no AlarmMember", v -> v.put("alarm", b(16, 3), b())),
        broken(
            "bucket alarm, key 0x08011001: has a value of 1 bytes, not an empty one",
            v -> v.put("alarm", b(8, 1, 16, 1), b(1))),
        broken(
            "bucket auth, key \"authEnabled\": is 0x02, not a byte of 0 or 1",
            v -> v.put("auth", SmallContent.bytes("authEnabled"), b(2))),
        broken(
            "bucket auth, key \"authRevision\": is 0x00, not a revision of 8 bytes",
            v -> v.put("auth", SmallContent.bytes("authRevision"), b(0))),
        broken(
            "bucket authRoles, key \"root\": is the role of another name",
            v -> v.put("authRoles", SmallContent.bytes("root"), b(10, 1, 'x'))),
        broken(
            "bucket authRoles, key \"root\": its value is no Role",
            v ->
                v.put(
                    "authRoles",
                    SmallContent.bytes("root"),
                    b(10, 4, 'r', 'o', 'o', 't', 18, 2, 8, 3))),
        broken(
            "bucket authUsers, key \"me\": its value is no User",
            v -> v.put("authUsers", SmallContent.bytes("me"), b(10, 2, 'm', 'e', 40, 1))),
        broken(
            "bucket authUsers, key \"me\": is the user of another name",
            v -> v.put("authUsers", SmallContent.bytes("me"), b(10, 2, 'm', 'u'))),
        broken(
            "bucket cluster, key \"clusterVersion\": \"three\" is no version",
            v -> v.put("cluster", "clusterVersion", "three")),
        broken(
            "bucket cluster, key \"downgrade\": its value is no JSON object",
            v -> v.put("cluster", "downgrade", "[]")));
  }

  private static byte[] b(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void whatIsBrokenIsNamed(String line, Consumer<MapView> how) {
    MapView view = SmallContent.right();
    how.accept(view);
    List<String> findings = EtcdCheck.of(view).findings();
    assertTrue(findings.contains(line), findings.toString());
  }

  @Test
  void aLeaseThatWasRevokedMayStandInThePast() {
    MapView view = SmallContent.right();
    SmallContent.put(view, 2, SmallContent.entry("a", 2, 2, 1).setLease(99));
    assertEquals(List.of(), EtcdCheck.of(view).findings());
  }

  @Test
  void anEmptyEntryThatLiftsTheRevisionIsRight() {
    MapView view = SmallContent.right();
    view.put("key", Revision.of(1_000, 0).encode(), new byte[0]);
    view.put("meta", EtcdView.SCHEDULED_COMPACTION, Revision.of(1_000, 0).encode());
    assertEquals(List.of(), EtcdCheck.of(view).findings());
  }

  static List<Arguments> notes() {
    return List.of(
        broken(
            "bucket members, key \"1a\": is a zombie: removed from the cluster and still among"
                + " its members",
            v -> v.put("members_removed", "1a", "removed")),
        broken(
            "bucket members, key \"1a\": is a zombie: a member without part in the raft"
                + " configuration (meta/confState)",
            v ->
                v.put(
                    "meta",
                    "confState",
                    "{\"voters\":[18446744073709551615],\"auto_leave\":false}")),
        broken(
            "bucket alarm, key 0x081a1002: alarm CORRUPT of member 1a is active; a server on this"
                + " content refuses reads and writes until it is disarmed",
            v -> v.put("alarm", b(8, 26, 16, 2), b())),
        broken(
            "bucket meta: compaction to 3 is scheduled and not finished; a server finishes it when"
                + " it starts",
            v -> v.put("meta", EtcdView.SCHEDULED_COMPACTION, Revision.of(3, 0).encode())),
        broken(
            "bucket authUsers, key \"me\": has role \"root\", which is not there",
            v -> v.remove("authRoles", SmallContent.bytes("root"))),
        broken(
            "bucket extra: is none of etcd's buckets; only the order of its keys was checked",
            v -> v.put("extra", "k", "v")),
        broken("bucket meta, key \"own\": is none of etcd's", v -> v.put("meta", "own", "v")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("notes")
  void whatShouldBeKnownIsNoted(String line, Consumer<MapView> how) {
    MapView view = SmallContent.right();
    how.accept(view);
    EtcdCheck check = EtcdCheck.of(view);
    assertEquals(List.of(), check.findings());
    assertEquals(List.of(line), check.notes());
  }

  @Test
  void linesAreBoundedInNumberAndLength() {
    MapView view = SmallContent.right();
    for (int i = 0; i < 1_000; i++) {
      view.put("lease", "x".repeat(1_000) + "\n" + i, "");
    }
    List<String> findings = EtcdCheck.of(view).findings();
    assertEquals(CheckLog.KEPT_MAX + 1, findings.size());
    assertEquals("and 900 more", findings.get(CheckLog.KEPT_MAX));
    for (String each : findings) {
      assertEquals(1, each.lines().count(), each);
      assertTrue(each.length() < 300, each);
    }
  }

  @Test
  void aSmallTableFollowsAPartAndSaysSo() {
    KeyHistories keys = new KeyHistories(random);
    for (int main = 2; main < 2_000; main++) {
      keys.change(main, 0, "key" + random.nextInt(1_000));
    }
    MapView view = keys.compacted(0);
    CheckLog log = new CheckLog();
    KeySpaceCheck check = new KeySpaceCheck(view, log.in("key"), 0);
    try (var cursor = view.openCursor(EtcdBuckets.KEY)) {
      while (cursor.next()) {
        check.entry(cursor.key(), cursor.value());
      }
    }
    check.end();
    assertEquals(List.of(), log.findings());
    assertTrue(
        log.notes().get(0).matches("bucket key: the histories of \\d+\\.\\d % of the keys were.*"),
        log.notes().toString());
  }
}
