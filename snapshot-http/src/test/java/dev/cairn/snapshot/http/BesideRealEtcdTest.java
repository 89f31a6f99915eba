package dev.cairn.snapshot.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.EtcdApplied;
import dev.cairn.snapshot.Convert;
import dev.cairn.snapshot.ConvertOptions;
import dev.cairn.snapshot.grpc.MaintenanceConfig;
import dev.cairn.snapshot.grpc.MaintenanceServer;
import dev.cairn.snapshot.grpc.ServerIdentity;
import dev.cairn.spi.Engines;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same requests to a real etcd and to a gateway over the same content. */
@Timeout(1_200)
class BesideRealEtcdTest {
  private static final InetSocketAddress FREE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** What a file's length and a version are is no matter of the gateway. */
  private static final Pattern OWN = Pattern.compile("\"(dbSize|dbSizeInUse|version)\":\"[^\"]*\"");

  /** Method, path and body of requests that get the same answer, to the byte. */
  private static final List<String[]> SAME =
      List.of(
          new String[] {"POST", "/v3/maintenance/hash", "{}"},
          new String[] {"POST", "/v3/maintenance/hash", ""},
          new String[] {"POST", "/v3/maintenance/hash", "{\"nope\":[1,{}]}"},
          new String[] {"POST", "/v3/maintenance/hash", "{} {"},
          new String[] {"POST", "/v3/maintenance/hash", "null"},
          new String[] {"POST", "/v3beta/maintenance/hash", "{}"},
          new String[] {"POST", "/v3/maintenance/hash?x=1", "{}"},
          new String[] {"POST", "/v3/maintenance/status", "{}"},
          new String[] {"POST", "/v3/maintenance/status", "{"},
          new String[] {"POST", "/v3/maintenance/snapshot", "{"},
          new String[] {"POST", "/v3/maintenance/defragment", "{}"},
          new String[] {"GET", "/v3/maintenance/status", ""},
          new String[] {"PUT", "/v3/maintenance/status", "{}"},
          new String[] {"DELETE", "/v3/maintenance/snapshot", ""},
          new String[] {"OPTIONS", "/v3/maintenance/status", ""},
          new String[] {"POST", "/v3/maintenance/nothing", "{}"},
          new String[] {"POST", "/v3/maintenance/status/", "{}"},
          new String[] {"POST", "/v3/", "{}"},
          new String[] {"POST", "/nothing", "{}"},
          new String[] {"POST", "/v3alpha/maintenance/status", "{}"},
          new String[] {"GET", "/health", ""},
          new String[] {"POST", "/health", ""});

  /** Malformed in ways whose words are those of etcd's library: status and shape are the same. */
  private static final List<String> MALFORMED =
      List.of(
          "[]",
          "\"x\"",
          "xyz",
          "{\"memberID\":\"x\"}",
          "{\"memberID\":-1}",
          "{\"memberID\":1.5}",
          "{\"memberID\":18446744073709551616}",
          "{\"memberID\":true}",
          "{\"action\":\"FOO\"}");

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void needEtcd() {
    RealEtcd.need();
  }

  @Test
  void answersAreTheSame() throws Exception {
    Path saved = directory.resolve("saved.db");
    try (RealEtcd etcd = RealEtcd.start(directory.resolve("etcd"))) {
      fill(etcd);
      RealEtcd.etcdctl(etcd.port(), directory, "snapshot", "save", saved.toString());
      String status = ask(etcd.port(), "POST", "/v3/maintenance/status", "{}").body();
      try (Store store = storeOf(saved);
          MaintenanceServer server = MaintenanceServer.start(store, FREE, config(status));
          Gateway gateway = Gateway.start(server.service(), FREE, watching(store))) {
        int port = gateway.address().getPort();
        for (String[] request : SAME) {
          assertSame(etcd.port(), port, request);
        }
        for (String body : MALFORMED) {
          assertSameShape(etcd.port(), port, body);
        }
        assertFramesAreWhatEtcdctlSaves(server.address().getPort(), port);
      }
    }
    TestRun.report("requests answered as by a real etcd", SAME.size() + MALFORMED.size());
  }

  private void assertSame(int etcd, int ours, String[] request) throws Exception {
    String what = String.join(" ", request);
    HttpResponse<String> theirs = ask(etcd, request[0], request[1], request[2]);
    HttpResponse<String> mine = ask(ours, request[0], request[1], request[2]);
    assertEquals(theirs.statusCode(), mine.statusCode(), what);
    assertEquals(masked(theirs.body()), masked(mine.body()), what);
    assertEquals(headers(theirs), headers(mine), what);
  }

  private void assertSameShape(int etcd, int ours, String body) throws Exception {
    HttpResponse<String> theirs = ask(etcd, "POST", "/v3/maintenance/alarm", body);
    HttpResponse<String> mine = ask(ours, "POST", "/v3/maintenance/alarm", body);
    assertEquals(theirs.statusCode(), mine.statusCode(), body);
    Pattern shape = Pattern.compile("\\{\"error\":(\".*\"),\"message\":\\1,\"code\":3\\}");
    for (HttpResponse<String> answer : List.of(theirs, mine)) {
      assertTrue(shape.matcher(answer.body()).matches(), answer.body());
    }
  }

  /** One server, two doors: etcdctl through the one, JSON through the other. */
  private void assertFramesAreWhatEtcdctlSaves(int grpc, int http) throws Exception {
    Path fetched = directory.resolve("fetched.db");
    RealEtcd.etcdctl(grpc, directory, "snapshot", "save", fetched.toString());
    String lines = ask(http, "POST", "/v3/maintenance/snapshot", "{}").body();
    assertArrayEquals(Files.readAllBytes(fetched), Door.blobs(lines));
    assertTrue(lines.lines().count() > 3, "several frames");
  }

  private void fill(RealEtcd etcd) throws Exception {
    Door.eventually("etcd answers", () -> answers(etcd.port()));
    for (int i = 0; i < 60; i++) {
      String value = Integer.toString(i).repeat(500);
      RealEtcd.etcdctl(etcd.port(), directory, "put", "key" + i % 50, value);
    }
    RealEtcd.etcdctl(etcd.port(), directory, "del", "key7");
  }

  private boolean answers(int port) {
    try {
      return ask(port, "GET", "/health", "").statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Store storeOf(Path saved) {
    Path file = directory.resolve("store.db");
    Convert.convert(saved, file, Engines.named("bbolt"), ConvertOptions.defaults());
    return Store.open(file, StoreConfig.existing().withAppliedCodec(new EtcdApplied()));
  }

  private static GatewayConfig watching(Store store) {
    return GatewayConfig.defaults().withMonitored(store, new StoreMetrics());
  }

  private static MaintenanceConfig config(String status) {
    long member = number(status, "member_id");
    ServerIdentity identity =
        new ServerIdentity(
            number(status, "cluster_id"),
            member,
            member,
            number(status, "raftTerm"),
            number(status, "raftIndex"));
    return MaintenanceConfig.defaults().withChunkBytes(32 << 10).withIdentity(() -> identity);
  }

  private static long number(String json, String name) {
    Matcher value = Pattern.compile('"' + name + "\":\"([0-9]+)\"").matcher(json);
    assertTrue(value.find(), json);
    return Long.parseUnsignedLong(value.group(1));
  }

  private static String masked(String body) {
    return OWN.matcher(body).replaceAll("\"$1\":\"?\"");
  }

  /** All that say something of the answer. */
  private static List<Optional<String>> headers(HttpResponse<String> answer) {
    return Stream.of(
            "content-type",
            "content-length",
            "grpc-metadata-content-type",
            "x-content-type-options",
            "allow",
            "transfer-encoding",
            "access-control-allow-origin",
            "access-control-allow-methods",
            "access-control-allow-headers")
        .map(name -> answer.headers().firstValue(name).filter(v -> !isLengthOfStatus(name, v)))
        .toList();
  }

  /** A status has lengths of files in it, which are not of the same length. */
  private static boolean isLengthOfStatus(String name, String value) {
    return name.equals("content-length") && Integer.parseInt(value) > 200;
  }

  private HttpResponse<String> ask(int port, String method, String path, String body)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return Door.sendAgain(
        client, HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body)).build());
  }
}
