package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.cairn.etcd.Auth.Access;
import dev.cairn.etcd.proto.KeyValue;
import dev.cairn.snapshot.MapView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Applied;
import dev.cairn.testkit.TestRun;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EtcdContentsTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void allOfASmallContent() {
    MapView view = SmallContent.right();
    view.put("alarm", new byte[] {8, 26, 16, 1}, new byte[0]);
    EtcdContents contents = EtcdContents.of(view);
    assertEquals(new Applied(9, 2), contents.applied());
    assertEquals(new KeySpace(5, 0, OptionalLong.empty(), 4, 1, 1), contents.keySpace());
    assertEquals(List.of(new Lease(7, 60, 0, 1)), List.copyOf(contents.leases().all()));
    assertEquals(Optional.of(new Lease(7, 60, 0, 1)), contents.leases().lease(7));
    assertEquals(Optional.empty(), contents.leases().lease(8));
    assertEquals(List.of(new EtcdAlarm(26, 1)), contents.alarms().active());
    assertTrue(contents.auth().enabled());
    assertEquals(3, contents.auth().revision());
    assertEquals(List.of(new Auth.User("me", List.of("root"), true)), contents.auth().users());
    assertEquals(List.of(new Auth.Role("root", List.of())), contents.auth().roles());
    assertFalse(contents.toString().contains("password"), contents::toString);
    Member first = new Member(26, "<", List.of("http://a:1"), List.of(), false);
    Member second = new Member(-1, "", List.of("http://b:1"), List.of(), true);
    assertEquals(
        new Membership(List.of(first, second), List.of(0x2bL), Optional.of("3.6.0")),
        contents.membership());
  }

  @Test
  void nothingAtAll() {
    EtcdContents contents = EtcdContents.of(new MapView());
    assertEquals(Applied.NONE, contents.applied());
    assertEquals(new KeySpace(1, 0, OptionalLong.empty(), 0, 0, 0), contents.keySpace());
    assertTrue(contents.leases().all().isEmpty());
    assertEquals(new Auth(false, 0, List.of(), List.of()), contents.auth());
    assertEquals(new Membership(List.of(), List.of(), Optional.empty()), contents.membership());
  }

  @Test
  void permissionsOfARole() {
    MapView view = SmallContent.right();
    view.put(
        "authRoles",
        bytes("r"),
        new byte[] {10, 1, 'r', 18, 6, 8, 2, 18, 2, 'a', 'b', 18, 3, 18, 1, 'c'});
    List<Auth.Permission> permissions = Auth.of(view).roles().get(0).permissions();
    assertEquals(List.of(Access.READWRITE, Access.READ), accesses(permissions));
    assertEquals("READWRITE \"ab\"", permissions.get(0).toString());
  }

  private static List<Access> accesses(List<Auth.Permission> permissions) {
    return permissions.stream().map(Auth.Permission::access).toList();
  }

  @Test
  void aPasswordIsInNoText() {
    MapView view = SmallContent.right();
    view.put(
        "authUsers",
        bytes("me"),
        new byte[] {10, 2, 'm', 'e', 18, 6, 's', 'e', 'c', 'r', 'e', 't'});
    String text = EtcdContents.of(view).toString();
    assertTrue(text.contains("me"), text);
    assertFalse(text.contains("secret"), text);
  }

  @Test
  void aCompactionUnderWay() {
    MapView view = SmallContent.right();
    view.put("meta", EtcdView.SCHEDULED_COMPACTION, Revision.of(4, 0).encode());
    KeySpace keys = KeySpace.of(view);
    assertEquals(4, keys.compactRevision());
    assertEquals(OptionalLong.of(4), keys.scheduledCompaction());
    assertEquals(1, keys.liveKeys());
  }

  private static void assertDamaged(
      Consumer<MapView> damage, Function<MapView, Object> reader, String named) {
    MapView view = SmallContent.right();
    reader.apply(view);
    damage.accept(view);
    StorageException e = assertThrows(StorageException.class, () -> reader.apply(view));
    assertEquals(Code.CORRUPT, e.code());
    assertTrue(e.getMessage().contains(named), e::getMessage);
  }

  @Test
  void damageIsNamed() {
    byte[] junk = {(byte) 0xff};
    assertDamaged(view -> view.put("lease", junk, junk), Leases::of, "bucket lease");
    assertDamaged(
        view -> view.put("lease", EtcdApplied.bigEndian(9), new byte[] {8, 7}),
        Leases::of,
        "bucket lease");
    assertDamaged(view -> view.put("key", junk, junk), KeySpace::of, "bucket key");
    assertDamaged(
        view -> view.put("key", Revision.of(6, 0).encode(), junk), KeySpace::of, "bucket key");
    assertDamaged(
        view -> view.put("key", Revision.of(6, 0).encode(), junk), Leases::of, "bucket key");
    assertDamaged(view -> view.put("alarm", junk, new byte[0]), Alarms::of, "bucket alarm");
    assertDamaged(view -> view.put("auth", bytes("authEnabled"), junk), Auth::of, "authEnabled");
    assertDamaged(view -> view.put("auth", bytes("authRevision"), junk), Auth::of, "authRevision");
    assertDamaged(view -> view.put("authUsers", bytes("u"), junk), Auth::of, "authUsers");
    assertDamaged(
        view -> view.put("authRoles", bytes("u"), new byte[] {10, 1, 'x'}), Auth::of, "u");
    assertDamaged(view -> view.put("members", "2a", "{\"id\":5}"), Membership::of, "members");
    assertDamaged(view -> view.put("members", "xyz", "{}"), Membership::of, "members");
    assertDamaged(view -> view.put("members_removed", "xyz", ""), Membership::of, "removed");
  }

  /** Keys hang on leases as a map says, whatever room the table has. */
  @Test
  void keysThatHangOnLeases() {
    SplittableRandom random = new SplittableRandom(TestRun.seed(EtcdContentsTest.class));
    int histories = TestRun.count(20, 400);
    for (int i = 0; i < histories; i++) {
      Map<String, Long> leaseOf = new HashMap<>();
      MapView view = history(random, leaseOf);
      Map<Long, Long> expected =
          leaseOf.values().stream()
              .collect(Collectors.groupingBy(lease -> lease, Collectors.counting()));
      for (long tableBytes : new long[] {1, 1 << 20}) {
        for (Lease lease : Leases.of(view, tableBytes).all()) {
          assertEquals(expected.getOrDefault(lease.id(), 0L), lease.attachedKeys());
        }
      }
    }
    TestRun.report("histories of leased keys", histories);
  }

  private static MapView history(SplittableRandom random, Map<String, Long> leaseOf) {
    MapView view = new MapView();
    for (long lease = 1; lease <= 5; lease++) {
      view.put("lease", EtcdApplied.bigEndian(lease), new byte[] {8, (byte) lease, 16, 60});
    }
    int keys = 1 + random.nextInt(300);
    for (long main = 2; main < 500; main++) {
      String key = "k" + random.nextInt(keys);
      boolean delete = random.nextInt(4) == 0;
      long lease = delete ? 0 : random.nextInt(6);
      KeyValue.Builder entry = KeyValue.newBuilder().setKey(ByteString.copyFromUtf8(key));
      if (!delete) {
        entry.setCreateRevision(main).setModRevision(main).setVersion(1).setLease(lease);
      }
      view.put("key", new Revision(main, 0, delete).encode(), entry.build().toByteArray());
      leaseOf.remove(key);
      if (lease != 0) {
        leaseOf.put(key, lease);
      }
    }
    return view;
  }
}
