package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.grpc.ClientConfig;
import dev.cairn.snapshot.grpc.MaintenanceClient;
import dev.cairn.snapshot.grpc.MemberStatus;
import dev.cairn.snapshot.grpc.ServerIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Serving, and what stands in its way. */
class ServeTest {
  @TempDir Path directory;
  private Path db;

  @BeforeEach
  void load() {
    db = directory.resolve("data.db");
    Cli.run("load", "--db", db, "--keys", 10).ok();
  }

  @Test
  void theAddressIsTheFirstLine() throws IOException {
    try (Serving server = new Serving("--db", db)) {
      assertTrue(server.endpoint().matches("127\\.0\\.0\\.1:[1-9]\\d*"), server.endpoint());
    }
  }

  @Test
  void theStoreIsFreeWhenTheServerHasEnded() throws IOException {
    try (Serving server = new Serving("--db", db)) {
      Cli.run("put", "--db", db, "meta", "k", "v").failed(6, "data.db");
      assertTrue(server.endpoint().startsWith("127.0.0.1:"));
    }
    Cli.run("put", "--db", db, "meta", "k", "v").ok();
  }

  @Test
  void aTakenPortIsSaid() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      Cli.run("serve", "--db", db, "--listen", address).failed(1, address);
    }
    Cli.run("put", "--db", db, "meta", "k", "v").ok();
  }

  @Test
  void whatIsNotThereIsNotMade() throws IOException {
    Path none = directory.resolve("none");
    Cli.run("serve", "--data-dir", none, "--listen", "127.0.0.1:0")
        .failed(4, none.resolve("member/snap/db").toString());
    assertTrue(Files.notExists(none));
    Cli.run("serve", "--db", none, "--listen", "127.0.0.1:0").failed(4, none.toString());
    assertTrue(Files.notExists(none));
  }

  @Test
  void chunksHaveBounds() {
    Cli.run("serve", "--db", db, "--listen", "127.0.0.1:0", "--chunk-bytes", 100)
        .failed(1, "chunk bytes", "100");
  }

  @Test
  void otherMachinesAreServedOnlyWhenTold() throws IOException {
    Cli.run("serve", "--db", db, "--listen", "0.0.0.0:0").failed(2, "--insecure-listen");
    try (Serving server = new Serving("--db", db, "--listen", "0.0.0.0:0", "--insecure-listen")) {
      assertTrue(server.endpoint().startsWith("0.0.0.0:"), server.endpoint());
    }
  }

  /** Both doors lead to one service. */
  @Test
  void theHttpDoorIsTheSecondLine() throws Exception {
    try (Serving server = new Serving("--db", db, "--http-listen", "127.0.0.1:0")) {
      assertTrue(server.httpEndpoint().matches("127\\.0\\.0\\.1:[1-9]\\d*"), server.httpEndpoint());
      assertEquals("ok\n", get(server, "/readyz"));
      assertTrue(get(server, "/metrics").contains("\ncairn_snapshots_sent_total 0\n"));
      Path saved = directory.resolve("saved.db");
      Cli.run("snapshot", "save", saved, "--endpoint", server.endpoint()).ok();
      assertTrue(get(server, "/metrics").contains("\ncairn_snapshots_sent_total 1\n"));
    }
    Cli.run("serve", "--db", db, "--listen", "127.0.0.1:0", "--http-listen", "0.0.0.0:0")
        .failed(2, "--insecure-listen");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      Cli.run("serve", "--db", db, "--listen", "127.0.0.1:0", "--http-listen", address)
          .failed(1, address);
    }
    Cli.run("put", "--db", db, "meta", "k", "v").ok();
  }

  private static String get(Serving server, String path) throws Exception {
    URI uri = URI.create("http://" + server.httpEndpoint() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .body();
  }

  @Test
  void twoServersOfOneStoreAreRefused() throws IOException {
    try (Serving server = new Serving("--db", db)) {
      Cli.run("serve", "--db", db, "--listen", "127.0.0.1:0").failed(6, "data.db");
      Cli.run("defrag", "--db", db).failed(6, "data.db");
      assertTrue(server.endpoint().startsWith("127.0.0.1:"));
    }
  }

  /** A data directory has a member, whoever tells who that is; a bare file has none. */
  @Test
  void aDataDirectoryIsServedAsItsMember() throws IOException {
    Path saved = directory.resolve("saved.db");
    Path dataDir = directory.resolve("data");
    Cli.run("snapshot", "save", saved, "--db", db, "--format", "native").ok();
    Cli.run("snapshot", "restore", saved, "--data-dir", dataDir, "--engine", "lmdb").ok();
    Path store = dataDir.resolve("member/snap/db");
    ServerIdentity known = new ServerIdentity(11, 12, 12, 13, 1_000);
    assertEquals(known.memberId(), statusOf(known, "--data-dir", dataDir).memberId());
    assertEquals(known.clusterId(), statusOf(known, "--data-dir", dataDir).clusterId());
    assertEquals(List.of(), statusOf(known, "--data-dir", dataDir).errors());
    MemberStatus bare = statusOf(known, "--db", store);
    assertEquals(0, bare.memberId());
    assertEquals(List.of("etcdserver: no leader"), bare.errors());
  }

  private static MemberStatus statusOf(ServerIdentity known, Object... location)
      throws IOException {
    Serving.Command command =
        (args, out) -> {
          ServeCommand serve = new ServeCommand(new Console(out, System.err, false), dir -> known);
          return new CommandLine(serve).execute(Arrays.copyOfRange(args, 1, args.length));
        };
    try (Serving server = new Serving(command, location);
        MaintenanceClient client =
            MaintenanceClient.connect(
                server.endpoint(), ClientConfig.defaults().withDialMillis(60_000))) {
      return client.status();
    }
  }
}
