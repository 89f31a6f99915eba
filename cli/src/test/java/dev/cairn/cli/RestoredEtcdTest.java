package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.etcd.EtcdHash;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real etcd starts on what we restored, alone or with two others, and writes on. */
class RestoredEtcdTest {
  private static final int MEMBERS = 3;

  @TempDir Path directory;
  private EtcdTools tools;
  private Path image;

  @BeforeEach
  void find() throws IOException {
    Optional<EtcdTools> found = EtcdTools.find();
    assertTrue(found.isPresent() || !"true".equals(System.getenv("CI")), "CI has no etcd");
    assumeTrue(found.isPresent(), "no etcd and etcdctl on the PATH");
    tools = found.get();
    image = directory.resolve("image.snap");
  }

  private void saveFrom(String engine, int keys) {
    Path store = directory.resolve("store.db");
    Cli.run("load", "--db", store, "--engine", engine, "--keys", keys).ok();
    Cli.run("snapshot", "save", image, "--db", store, "--format", "native").ok();
  }

  private long hashKv() {
    try (ReadView view = SnapshotFile.inspect(image).openView()) {
      return Integer.toUnsignedLong(EtcdHash.hashKv(view, 0));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lmdb", "mapdb", "h2", "bbolt"})
  void oneMemberFromAnImageOfAnyEngine(String engine) throws IOException {
    saveFrom(engine, 1_000);
    Path data = directory.resolve("data");
    Cli.run("snapshot", "restore", image, "--data-dir", data).ok();
    try (RealEtcd etcd = RealEtcd.start(tools, data)) {
      assertEquals(hashKv(), etcd.hashKv());
      assertEquals("OK\n", etcd.ask("put", "after", "the restore"));
      assertEquals("after\nthe restore\n", etcd.ask("get", "after"));
    }
  }

  @Test
  void aMovedRevisionIsServedAndAllBeforeIsCompacted() throws IOException {
    saveFrom("lmdb", 100);
    Path data = directory.resolve("data");
    Cli.run(
            "snapshot",
            "restore",
            image,
            "--data-dir",
            data,
            "--bump-revision",
            1_000_000,
            "--mark-compacted")
        .ok();
    try (RealEtcd etcd = RealEtcd.start(tools, data)) {
      assertEquals("OK\n", etcd.ask("put", "after", "the restore"));
      String json = etcd.ask("get", "after", "-w", "json");
      assertTrue(EtcdTools.number(json, "mod_revision") > 1_000_000, json);
      IOException old = assertThrows(IOException.class, () -> etcd.ask("get", "x", "--rev=50"));
      assertTrue(old.getMessage().contains("compacted"), old.getMessage());
    }
  }

  @Test
  void threeMembersFormACluster() throws IOException {
    saveFrom("lmdb", 500);
    EtcdCluster.Plan plan = EtcdCluster.plan(MEMBERS);
    List<Path> dirs = restoreAll(plan);
    try (EtcdCluster cluster = EtcdCluster.start(tools, plan, dirs)) {
      for (int i = 0; i < MEMBERS; i++) {
        String json = cluster.ask(i, "endpoint", "hashkv", "-w", "json");
        assertEquals(hashKv(), EtcdTools.number(json, "hash"), json);
      }
      assertEquals("OK\n", cluster.ask(0, "put", "after", "the restore"));
      assertEquals("after\nthe restore\n", cluster.ask(2, "get", "after"));
      assertEquals(MEMBERS, cluster.ask(1, "member", "list").lines().count());
    }
  }

  private List<Path> restoreAll(EtcdCluster.Plan plan) {
    List<Path> dirs = new ArrayList<>();
    for (int i = 0; i < MEMBERS; i++) {
      Path data = directory.resolve(plan.name(i));
      dirs.add(data);
      Cli.run(
              "snapshot",
              "restore",
              image,
              "--data-dir",
              data,
              "--name",
              plan.name(i),
              "--initial-cluster",
              plan.initialCluster(),
              "--initial-cluster-token",
              "three-of-ours",
              "--initial-advertise-peer-urls",
              plan.peerUrl(i))
          .ok();
    }
    return dirs;
  }

  /** Users, roles, leases and an alarm come along, on every member of the new cluster. */
  @Test
  void threeMembersKeepUsersLeasesAndAlarms() throws IOException {
    image = Fixture.RICH.unpack(directory);
    EtcdCluster.Plan plan = EtcdCluster.plan(MEMBERS);
    List<Path> dirs = restoreAll(plan);
    try (EtcdCluster cluster = EtcdCluster.start(tools, plan, dirs, Fixture.RICH.user())) {
      for (int i = 0; i < MEMBERS; i++) {
        String hash = cluster.ask(i, "endpoint", "hashkv", "-w", "json");
        assertEquals(Fixture.RICH.hashKv, EtcdTools.number(hash, "hash"), hash);
        String keys = cluster.ask(i, "get", "", "--prefix", "--keys-only", "-w", "json");
        assertEquals(Fixture.RICH.liveKeys, EtcdTools.number(keys, "count"));
        assertEquals("alice\nnopw\nroot\n", cluster.ask(i, "user", "list"));
        assertTrue(cluster.ask(i, "alarm", "list").contains("alarm:NOSPACE"));
        assertEquals(leasesOfRich(), leases(cluster.ask(i, "lease", "list")));
      }
      IOException full = assertThrows(IOException.class, () -> cluster.ask(0, "put", "k", "v"));
      assertTrue(full.getMessage().contains("database space exceeded"), full.getMessage());
      cluster.ask(0, "alarm", "disarm");
      assertEquals("OK\n", cluster.ask(1, "put", "after", "the restore"));
      assertEquals("after\nthe restore\n", cluster.ask(2, "get", "after"));
      IOException nobody =
          assertThrows(IOException.class, () -> cluster.askAsNobody(2, "get", "after"));
      assertTrue(nobody.getMessage().contains("user name is empty"), nobody.getMessage());
    }
  }

  /** The ids of the leases that the fixture holds, in hexadecimal as etcdctl prints them. */
  private List<String> leasesOfRich() {
    List<String> ids = new ArrayList<>();
    try (ReadView view = SnapshotFile.inspect(image).openView();
        Cursor lease = view.openCursor(Bucket.named("lease"))) {
      for (boolean more = lease.next(); more; more = lease.next()) {
        ids.add("%016x".formatted(lease.key().getLong(0)));
      }
    }
    assertTrue(ids.size() > 1, ids::toString);
    return ids.stream().sorted().toList();
  }

  private static List<String> leases(String printed) {
    return printed.lines().filter(each -> each.matches("[0-9a-f]{16}")).sorted().toList();
  }
}
