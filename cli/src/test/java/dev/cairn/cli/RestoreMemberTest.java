package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.EtcdHash;
import dev.cairn.etcd.EtcdView;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.grpc.ClientConfig;
import dev.cairn.snapshot.grpc.MaintenanceClient;
import dev.cairn.snapshot.grpc.MemberStatus;
import dev.cairn.spi.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A restore makes a member of a new cluster, with etcdctl's flags, ids and tree. */
class RestoreMemberTest {
  private static final String SEGMENT = "0000000000000000-0000000000000000.wal";
  private static final String THREE =
      "m1=http://127.0.0.1:1,m2=http://127.0.0.1:2,m3=http://127.0.0.1:3";

  @TempDir Path directory;

  /** Ids that the real etcdctl 3.4.23 made of the same flags. */
  @ParameterizedTest
  @CsvSource({
    "default, http://localhost:2380, etcd-cluster, 8e9e05c52164694d, cdf818194e3a8c32",
    "restored-a, http://127.0.0.1:7001, restore-token-a, 845ddf2898e8b38d, 3abf7436166d391e"
  })
  void idsAndTreeAreEtcdctls(String name, String url, String token, String member, String cluster)
      throws IOException {
    Path data = directory.resolve("data");
    String told =
        Cli.run(
                "snapshot",
                "restore",
                Fixture.TINY.unpack(directory),
                "--data-dir",
                data,
                "--name",
                name,
                "--initial-cluster",
                name + "=" + url,
                "--initial-cluster-token",
                token,
                "--initial-advertise-peer-urls",
                url,
                "-w",
                "json")
            .ok()
            .out();
    assertTrue(told.contains("\"memberId\":\"" + member + "\""), told);
    assertTrue(told.contains("\"clusterId\":\"" + cluster + "\""), told);
    assertEquals(
        Set.of(
            "",
            "member",
            "member/snap",
            "member/snap/db",
            "member/snap/0000000000000001-0000000000000001.snap",
            "member/wal",
            "member/wal/" + SEGMENT),
        Trees.of(data).keySet());
    try (ReadView view = open(data)) {
      assertEquals(List.of(member), EtcdView.memberIds(view));
      assertEquals(1, EtcdView.consistentIndex(view));
    }
  }

  private static ReadView open(Path data) {
    return SnapshotFile.inspect(data.resolve("member/snap/db")).openView();
  }

  @Test
  void theWalMayBeElsewhere() throws IOException {
    Path data = directory.resolve("data");
    Path wal = directory.resolve("fast/wal");
    Cli.run(
            "snapshot",
            "restore",
            Fixture.TINY.unpack(directory),
            "--data-dir",
            data,
            "--wal-dir",
            wal)
        .ok();
    assertEquals(Set.of("", SEGMENT), Trees.of(wal).keySet());
    assertFalse(Trees.of(data).containsKey("member/wal"));
  }

  /** From any engine's native image into any engine, and served as the member that it is. */
  @ParameterizedTest
  @ValueSource(strings = {"lmdb", "mapdb", "h2", "bbolt"})
  void aMemberOfAnyEngineIsServedAsWhoItIs(String engine) throws IOException {
    Path store = directory.resolve("store.db");
    Path image = directory.resolve("image.snap");
    Path data = directory.resolve("data");
    Cli.run("load", "--db", store, "--engine", engine, "--keys", 200).ok();
    Cli.run("snapshot", "save", image, "--db", store, "--format", "native").ok();
    Cli.run("snapshot", "restore", image, "--data-dir", data, "--engine", engine).ok();
    try (ReadView before = SnapshotFile.inspect(image).openView();
        ReadView after = open(data)) {
      assertEquals(EtcdHash.hashKv(before, 0), EtcdHash.hashKv(after, 0));
    }
    try (Serving server = new Serving("--data-dir", data);
        MaintenanceClient client =
            MaintenanceClient.connect(
                server.endpoint(), ClientConfig.defaults().withDialMillis(60_000))) {
      MemberStatus status = client.status();
      assertEquals("8e9e05c52164694d", Long.toHexString(status.memberId()));
      assertEquals("cdf818194e3a8c32", Long.toHexString(status.clusterId()));
      assertEquals(status.memberId(), status.leaderId());
      assertEquals(List.of(), status.errors());
    }
  }

  @Test
  void whatIsNotEtcdsIsRestoredAsItIs() throws IOException {
    Path store = directory.resolve("store.db");
    Path image = directory.resolve("image.snap");
    Path data = directory.resolve("data");
    Cli.run("load", "--db", store, "--keys", 50, "--raw", "pairs").ok();
    Cli.run("snapshot", "save", image, "--db", store).ok();
    Cli.run("snapshot", "restore", image, "--data-dir", data).ok();
    assertEquals(Set.of("", "member", "member/snap", "member/snap/db"), Trees.of(data).keySet());
    Path other = directory.resolve("other");
    for (String flag : List.of("--target-version=3.5", "--wal-dir=" + directory + "/wal")) {
      Cli.run("snapshot", "restore", image, "--data-dir", other, flag).failed(1, "not etcd's");
    }
    assertFalse(Files.exists(other));
  }

  /** Their databases are the same to the byte. */
  @Test
  void membersOfOneClusterDifferInTheirOwnIdAlone() throws IOException {
    Path snapshot = Fixture.TINY.unpack(directory);
    String hash = null;
    for (int i = 1; i <= 3; i++) {
      Path data = directory.resolve("m" + i);
      String url = "http://127.0.0.1:" + i;
      Cli.run(
              "snapshot",
              "restore",
              snapshot,
              "--data-dir",
              data,
              "--name",
              "m" + i,
              "--initial-cluster",
              THREE,
              "--initial-advertise-peer-urls",
              url)
          .ok();
      String here = Trees.sha256(data.resolve("member/snap/db"));
      assertEquals(hash == null ? here : hash, here);
      hash = here;
    }
  }
}
