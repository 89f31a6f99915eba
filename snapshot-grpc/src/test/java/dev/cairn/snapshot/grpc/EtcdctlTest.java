package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.store.Store;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real etcdctl against our server. */
@Timeout(600)
class EtcdctlTest {
  private static final MaintenanceConfig CONFIG = MaintenanceConfig.defaults();

  @TempDir Path directory;
  private Tools tools;

  @BeforeEach
  void needTools() {
    Loopback.quietly();
    Tools.need("etcdctl");
    tools = new Tools(directory);
  }

  private static MaintenanceServer serve(Store store, MaintenanceConfig config) {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return MaintenanceServer.start(store, free, config);
  }

  private static String endpoint(MaintenanceServer server) {
    return "127.0.0.1:" + server.address().getPort();
  }

  @ParameterizedTest
  @CsvSource({
    "tiny, heap, 32768, 2252043591, 8, 11",
    "tiny, lmdb, 1048576, 2252043591, 8, 11",
    "rich, heap, 1048576, 2915206798, 3310, 3443",
    "rich, lmdb, 32768, 2915206798, 3310, 3443"
  })
  void savesWhatTheFixtureHeld(
      String fixture, String engine, int chunkBytes, String hash, String revision, String keys)
      throws Exception {
    Path saved = directory.resolve("saved.db");
    Path ours = directory.resolve("ours.db");
    try (Store store = TestStores.ofFixture(fixture, engine, directory);
        MaintenanceServer server = serve(store, CONFIG.withChunkBytes(chunkBytes));
        MaintenanceClient client = MaintenanceClient.connect(endpoint(server), Loopback.PATIENT)) {
      tools.etcdctl("--endpoints=" + endpoint(server), "snapshot", "save", saved.toString());
      String json = tools.etcdctl("snapshot", "status", saved.toString(), "-w", "json");
      assertTrue(json.contains("\"hash\":" + hash + ","), json);
      assertTrue(json.contains("\"revision\":" + revision + ","), json);
      assertTrue(json.contains("\"totalKey\":" + keys + ","), json);
      client.save(ours, SaveOptions.defaults());
      assertArrayEquals(Files.readAllBytes(ours), Files.readAllBytes(saved));
    }
  }

  @Test
  void savesANativeImageAsItIs() throws Exception {
    Path saved = directory.resolve("saved.db");
    try (Store store = TestStores.ofFixture("rich", "lmdb", directory);
        MaintenanceServer server = serve(store, CONFIG.withSnapshotFormat(SnapshotFormat.NATIVE))) {
      tools.etcdctl("--endpoints=" + endpoint(server), "snapshot", "save", saved.toString());
      SnapshotFile file = SnapshotFile.inspect(saved);
      file.verify();
      assertEquals("lmdb", file.format());
      try (ReadView view = file.openView()) {
        assertEquals(store.hash(), ContentHash.v1(view));
      }
    }
  }

  @Test
  void asksForStatusAndDefragments() throws Exception {
    try (Store store = TestStores.ofFixture("tiny", "lmdb", directory);
        MaintenanceServer server = serve(store, CONFIG)) {
      String json =
          tools.etcdctl("--endpoints=" + endpoint(server), "endpoint", "status", "-w", "json");
      assertTrue(json.contains("\"revision\":8"), json);
      assertTrue(json.contains("\"version\":\"" + CONFIG.version() + "\""), json);
      assertTrue(json.contains("\"dbSize\":" + store.stats().backend().fileBytes()), json);
      String done = tools.etcdctl("--endpoints=" + endpoint(server), "defrag");
      assertTrue(done.contains("Finished defragmenting"), done);
    }
  }

  /** As the etcd answered that the fixture comes from; sizes and applied index are the store's. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "tiny; 3385429202461084045; 8341439043027386235; 8; 12; ''",
        "rich; 13529063061777017666; 5218205772321688242; 3310; 3335;"
            + " ,\"errors\":[\"memberID:5218205772321688242 alarm:NOSPACE \"]"
      })
  void statusOfAMemberIsTheOneOfEtcd(
      String fixture, String cluster, String member, String revision, long index, String errors)
      throws Exception {
    long self = Long.parseUnsignedLong(member);
    ServerIdentity identity =
        new ServerIdentity(Long.parseUnsignedLong(cluster), self, self, 2, index);
    MaintenanceConfig config = CONFIG.withVersion("3.4.23").withIdentity(() -> identity);
    try (Store store = TestStores.ofFixture(fixture, "lmdb", directory);
        MaintenanceServer server = serve(store, config)) {
      String endpoint = "--endpoints=" + endpoint(server);
      String json = tools.etcdctl(endpoint, "endpoint", "status", "-w", "json");
      String header =
          "{\"cluster_id\":%s,\"member_id\":%s,\"revision\":%s,\"raft_term\":2}"
              .formatted(cluster, member, revision);
      String expected =
          "[{\"Endpoint\":\"%s\",\"Status\":{\"header\":%s,\"version\":\"3.4.23\",\"dbSize\":%d,\"leader\":%s,\"raftIndex\":%d,\"raftTerm\":2,\"raftAppliedIndex\":%d%s,\"dbSizeInUse\":%d}}]\n"
              .formatted(
                  endpoint(server),
                  header,
                  store.stats().backend().fileBytes(),
                  member,
                  index,
                  store.stats().applied().index(),
                  errors,
                  store.stats().backend().liveBytes());
      assertEquals(expected, json);
      String hashKv = tools.etcdctl(endpoint, "endpoint", "hashkv", "-w", "json");
      assertTrue(hashKv.contains("\"HashKV\":{\"header\":" + header + ",\"hash\":"), hashKv);
    }
  }

  @Test
  void aStoreOfNoClusterHasNoLeader() throws Exception {
    try (Store store = TestStores.ofFixture("tiny", "heap", directory);
        MaintenanceServer server = serve(store, CONFIG)) {
      String json =
          tools.etcdctl("--endpoints=" + endpoint(server), "endpoint", "status", "-w", "json");
      assertTrue(json.contains("\"errors\":[\"etcdserver: no leader\"]"), json);
    }
  }
}
