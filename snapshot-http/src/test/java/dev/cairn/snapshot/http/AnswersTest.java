package dev.cairn.snapshot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.grpc.MaintenanceConfig;
import dev.cairn.snapshot.grpc.ServerIdentity;
import dev.cairn.store.Store;
import dev.cairn.store.StoreListener;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Single calls: what a real etcd 3.4.23 answered to the same requests, word for word. */
@Timeout(600)
class AnswersTest {
  private static final long CLUSTER = 3385429202461084045L;
  private static final long MEMBER = 8341439043027386235L;
  private static final String HEADER =
      "{\"header\":{\"cluster_id\":\"3385429202461084045\",\"member_id\":\"8341439043027386235\","
          + "\"revision\":\"8\",\"raft_term\":\"2\"}";

  @TempDir Path directory;
  private Store store;
  private Door door;

  @BeforeEach
  void open() throws IOException {
    store = Fixtures.store("tiny", "bbolt", directory, StoreListener.NONE);
    ServerIdentity identity = new ServerIdentity(CLUSTER, MEMBER, MEMBER, 2, 12);
    MaintenanceConfig config =
        MaintenanceConfig.defaults().withIdentity(() -> identity).withVersion("3.4.23");
    door = Door.to(store, config, GatewayConfig.defaults());
  }

  @AfterEach
  void close() {
    door.close();
    store.close();
  }

  @Test
  void statusHasEtcdsKeysInEtcdsOrder() {
    String status = door.post("status", "{}").body();
    String sizes = status.replaceAll("\"dbSize(InUse)?\":\"[1-9][0-9]*\"", "\"dbSize$1\":N");
    assertEquals(
        HEADER
            + ",\"version\":\"3.4.23\",\"dbSize\":N,\"leader\":\"8341439043027386235\","
            + "\"raftIndex\":\"12\",\"raftTerm\":\"2\",\"raftAppliedIndex\":\"12\","
            + "\"dbSizeInUse\":N}",
        sizes);
  }

  /** The hash of a real server over the same content. */
  @Test
  void hashIsEtcds() throws IOException {
    assertTrue(Fixtures.text("tiny-rpc.json").contains("\"hash\": 437972398"));
    assertEquals(HEADER + ",\"hash\":437972398}", door.post("hash", "{}").body());
  }

  @Test
  void hashKvIsEtcds() throws IOException {
    assertTrue(Fixtures.text("tiny-rpc.json").contains("\"hash\": 2649020667"));
    assertEquals(
        HEADER + ",\"hash\":2649020667,\"compact_revision\":\"-1\",\"hash_revision\":\"8\"}",
        door.post("hashkv", "{}").body());
    HttpResponse<String> future = door.post("hashkv", "{\"revision\":\"1000\"}");
    assertEquals(400, future.statusCode());
    String text = "etcdserver: mvcc: required revision is a future revision";
    assertEquals(
        "{\"error\":\"" + text + "\",\"message\":\"" + text + "\",\"code\":11}", future.body());
  }

  @Test
  void defragmentSaysNothing() {
    HttpResponse<String> answer = door.post("defragment", "{}");
    assertEquals("{}", answer.body());
    assertEquals(200, answer.statusCode());
    assertEquals("application/json", answer.headers().firstValue("content-type").orElseThrow());
    assertEquals(
        "application/grpc",
        answer.headers().firstValue("grpc-metadata-content-type").orElseThrow());
    assertEquals("*", answer.headers().firstValue("access-control-allow-origin").orElseThrow());
  }

  @Test
  void theNameOfEtcd34IsServedToo() {
    assertEquals(
        door.post("hash", "{}").body(), door.send("POST", "/v3beta/maintenance/hash", "{}").body());
  }

  /** etcd reads leniently, and so do we. */
  @Test
  void whatMeansNothingIsPassedOver() {
    String hash = door.post("hash", "{}").body();
    for (String body :
        new String[] {"", "  ", "null", "{\"nope\":1}", "{} trailing", "{\"revision\":\"5\"}"}) {
      HttpResponse<String> answer = door.post("hash", body);
      assertEquals(200, answer.statusCode(), body);
      assertEquals(hash, answer.body(), body);
    }
  }

  @Test
  void malformedRequestsAreToldSo() {
    String eof = "{\"error\":\"unexpected EOF\",\"message\":\"unexpected EOF\",\"code\":3}";
    assertEquals(eof, door.post("status", "{").body());
    assertEquals(eof, door.post("snapshot", "{").body());
    for (String body :
        new String[] {
          "[]",
          "\"x\"",
          "xyz",
          "{\"memberID\":\"x\"}",
          "{\"memberID\":-1}",
          "{\"memberID\":1.5}",
          "{\"memberID\":18446744073709551616}",
          "{\"memberID\":true}",
          "{\"action\":\"FOO\"}",
          "{\"memberID\":tru}",
          "{\"action\":{}}"
        }) {
      HttpResponse<String> answer = door.post("alarm", body);
      assertEquals(400, answer.statusCode(), body);
      String shape = "\\{\"error\":(\".*\"),\"message\":\\1,\"code\":3\\}";
      assertTrue(answer.body().matches(shape), answer.body());
    }
    assertEquals(200, door.post("hash", "{}").statusCode());
  }

  @Test
  void otherMethodsAndPathsAreRefusedAsEtcdDoes() {
    for (String method : new String[] {"GET", "PUT", "DELETE"}) {
      HttpResponse<String> answer = door.send(method, "/v3/maintenance/status", "");
      assertEquals(405, answer.statusCode());
      assertEquals("Method Not Allowed\n", answer.body());
    }
    assertEquals(404, door.post("nothing", "{}").statusCode());
    assertEquals("Not Found\n", door.post("nothing", "{}").body());
    assertEquals("Not Found\n", door.post("status/", "{}").body());
    assertEquals("404 page not found\n", door.get("/nothing").body());
    assertEquals("404 page not found\n", door.get("/metrics").body());
    HttpResponse<String> options = door.send("OPTIONS", "/v3/maintenance/status", "");
    assertEquals(200, options.statusCode());
    assertEquals("", options.body());
  }

  /** etcd's own limit and words; also where the length is not told. */
  @Test
  void tooLargeRequestsAreRefused() throws IOException {
    HttpResponse<String> answer = door.post("status", "{\"x\":\"" + "y".repeat(3 << 20) + "\"}");
    assertEquals(429, answer.statusCode());
    String text = "grpc: received message larger than max (3145736 vs. 2097152)";
    assertEquals(
        "{\"error\":\"" + text + "\",\"message\":\"" + text + "\",\"code\":8}", answer.body());
    String chunk = "100000\r\n" + " ".repeat(1 << 20) + "\r\n";
    String head =
        "POST /v3/maintenance/status HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    String told = RawClient.ask(door, head + chunk + chunk + chunk + "0\r\n\r\n");
    assertTrue(told.startsWith("HTTP/1.1 429 "), told);
    assertEquals(200, door.post("status", " ".repeat(1 << 20)).statusCode());
  }

  @Test
  void whatIsNoHttpIsRefusedInOneLine() throws IOException {
    String header = "X: " + "a".repeat(200_000) + "\r\n";
    assertTrue(
        RawClient.ask(door, "GET /health HTTP/1.1\r\nHost: x\r\n" + header + "\r\n")
            .startsWith("HTTP/1.1 431 "));
    for (String nonsense :
        new String[] {
          "\u0016\u0003\u0001\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\0\0\0\r\n\r\n"
        }) {
      String told = RawClient.ask(door, nonsense);
      assertTrue(told.isEmpty() || told.matches("(?s)HTTP/1.1 (400|426|505) .*"), told);
      assertTrue(!told.contains("<"), told);
    }
    assertEquals(200, door.post("hash", "{}").statusCode());
  }

  @Test
  void oddTargetsAreRefusedOrResolved() throws IOException {
    String end = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
    String[][] odd = {
      {"OPTIONS *", "200"},
      {"POST *", "400|404"},
      {"CONNECT x:1", "400|404|405"},
      {"POST /v3//maintenance/hash", "400|404"},
      {"POST /v3/maintenance/../maintenance/hash", "200"},
      {"POST /v3/maintenance/%2e%2e/hash", "400|404"},
      {"POST /v3/maintenance/hash%00", "400"},
      {"POST http://x/v3/maintenance/hash", "200"},
    };
    for (String[] each : odd) {
      String told = RawClient.ask(door, each[0] + end);
      assertTrue(told.matches("(?s)HTTP/1.1 (" + each[1] + ") .*"), each[0] + ": " + told);
    }
  }

  @Test
  void deepJsonIsNoTrouble() {
    String deep = "{\"x\":" + "[".repeat(900_000);
    assertEquals(400, door.post("status", deep).statusCode());
    assertEquals(200, door.post("hash", "{}").statusCode());
  }
}
