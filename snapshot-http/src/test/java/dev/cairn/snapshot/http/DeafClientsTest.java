package dev.cairn.snapshot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.EtcdLoad;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway with 64 MiB of heap and 64 MiB beside it, and a thousand clients that never read. */
@Timeout(1_200)
class DeafClientsTest {
  private static final int CLIENTS = 1_000;
  private static final long RSS_BYTES_MAX = 400L << 20;
  private static final String SNAPSHOT =
      "POST /v3/maintenance/snapshot HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
  private static final String METRICS = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void aThousandClientsThatNeverRead() throws Exception {
    Path file = directory.resolve("data.db");
    try (Store store = Store.open(file, StoreConfig.engine("lmdb"))) {
      new EtcdLoad(TestRun.count(16_000, 128_000), 8_000, 7).into(store, done -> {});
    }
    try (SmallJvm gateway = SmallJvm.serving(file)) {
      List<Socket> deaf = new ArrayList<>();
      try {
        for (int i = 0; i < CLIENTS; i++) {
          deaf.add(deaf(gateway.port(), i % 2 == 0 ? SNAPSHOT : METRICS.repeat(50)));
        }
        Door.eventually("two streams wait", () -> pins(gateway) == 2);
        Door.eventually("others are answered", () -> whileBusy(gateway, "/livez").equals("ok\n"));
        long rssBytes = gateway.rssAnonBytes();
        TestRun.report("clients of the gateway that never read", deaf.size());
        TestRun.report("RssAnon of the gateway", rssBytes);
        assertTrue(rssBytes < RSS_BYTES_MAX, rssBytes + " bytes");
      } finally {
        for (Socket socket : deaf) {
          socket.close();
        }
      }
      Door.eventually("the pins are let go", () -> pins(gateway) == 0);
      assertTrue(gateway.isAlive());
      assertEquals("ok\n", get(gateway, "/readyz"));
    }
  }

  private static Socket deaf(int port, String request) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4 << 10);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.getOutputStream().write(request.getBytes(UTF_8));
    return socket;
  }

  private int pins(SmallJvm gateway) {
    return whileBusy(gateway, "/metrics")
        .lines()
        .filter(line -> line.startsWith("etcd_mvcc_db_open_read_transactions "))
        .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(' ') + 1)))
        .findFirst()
        .orElse(-1);
  }

  /** What is answered; nothing where there is no ear for one connection more, as yet. */
  private String whileBusy(SmallJvm gateway, String path) {
    try {
      return get(gateway, path);
    } catch (IOException notYet) {
      return "";
    }
  }

  private String get(SmallJvm gateway, String path) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + gateway.port() + path);
    try {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
