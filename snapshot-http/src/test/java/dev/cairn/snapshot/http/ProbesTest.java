package dev.cairn.snapshot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.grpc.MaintenanceConfig;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Figures and health. */
@Timeout(600)
class ProbesTest {
  private static final Bucket BUCKET = Bucket.named("meta");

  @TempDir Path directory;
  private final StoreMetrics metrics = new StoreMetrics();

  @Test
  void figuresFollowWhatIsDone() throws IOException {
    try (Store store = Fixtures.store("tiny", "lmdb", directory, metrics);
        Door door = watched(store)) {
      Map<String, Double> before = figures(door);
      store.update(tx -> tx.put(BUCKET, "k".getBytes(UTF_8), new byte[100]));
      store.defragment();
      int sent = Door.blobs(door.post("snapshot", "").body()).length;
      Door.eventually(
          "the snapshot is counted", () -> after(door, "cairn_snapshots_sent_total", 1));
      try (ReadView view = store.openView()) {
        assertTrue(view.get(BUCKET, "k".getBytes(UTF_8)).length > 0);
        assertEquals(1, figures(door).get("etcd_mvcc_db_open_read_transactions"));
      }
      Map<String, Double> after = figures(door);
      assertEquals(0, after.get("etcd_mvcc_db_open_read_transactions"));
      assertEquals(sent, after.get("cairn_snapshot_sent_bytes_total"));
      assertEquals(0, after.get("cairn_snapshots_failed_total"));
      assertEquals(1, after.get("etcd_disk_backend_snapshot_duration_seconds_count"));
      assertEquals(1, after.get("etcd_disk_backend_defrag_duration_seconds_count"));
      String commits = "etcd_disk_backend_commit_duration_seconds_";
      assertEquals(before.get(commits + "count") + 1, after.get(commits + "count"));
      assertEquals(
          after.get(commits + "count"), after.get(commits + "bucket{le=\"+Inf\"}"), "all of them");
      assertTrue(after.get(commits + "sum") > before.get(commits + "sum"));
      assertEquals(101, after.get("cairn_committed_bytes_total"));
      assertEquals(
          store.stats().backend().fileBytes(), after.get("etcd_mvcc_db_total_size_in_bytes"));
    }
  }

  @Test
  void aStreamThatBreaksOffIsCountedSo() throws IOException {
    try (Store store = Fixtures.store("rich", "lmdb", directory, metrics);
        Door door = watched(store)) {
      door.askWithoutReading().close();
      Door.eventually(
          "the failure is counted", () -> after(door, "cairn_snapshots_failed_total", 1));
      assertEquals(0, figures(door).get("cairn_snapshots_sent_total"));
    }
  }

  /** Every line is a comment or a figure, every figure has a type, and buckets add up. */
  @Test
  void theTextIsWellFormed() throws IOException {
    try (Store store = Fixtures.store("tiny", "lmdb", directory, metrics);
        Door door = watched(store)) {
      HttpResponse<String> answer = door.get("/metrics");
      assertEquals(
          "text/plain; version=0.0.4; charset=utf-8",
          answer.headers().firstValue("content-type").orElseThrow());
      String name = "[a-z_]+";
      String help = "# HELP " + name + " .+";
      String type = "# TYPE " + name + " (gauge|counter|histogram)";
      String figure = name + "(\\{le=\"([0-9.]+|\\+Inf)\"\\})? [0-9.]+";
      for (String line : answer.body().split("\n")) {
        assertTrue(line.matches(help + "|" + type + "|" + figure), line);
      }
      assertTrue(answer.body().contains("_bucket{le=\"0.001\"}"), answer.body());
      assertTrue(answer.body().contains("_bucket{le=\"8.192\"}"));
      assertTrue(answer.body().endsWith("\n"));
    }
  }

  @Test
  void allIsWell() throws IOException {
    try (Store store = Fixtures.store("tiny", "lmdb", directory, metrics);
        Door door = watched(store)) {
      assertEquals("{\"health\":\"true\"}", door.get("/health").body());
      assertEquals("ok\n", door.get("/livez").body());
      assertEquals("ok\n", door.get("/readyz").body());
      HttpResponse<String> posted = door.send("POST", "/health", "");
      assertEquals(405, posted.statusCode());
      assertEquals("GET", posted.headers().firstValue("allow").orElseThrow());
    }
  }

  /** The rich fixture has an alarm, which to etcd is bad health; updates it does take. */
  @Test
  void anAlarmIsBadHealth() throws IOException {
    try (Store store = Fixtures.store("rich", "lmdb", directory, metrics);
        Door door = watched(store)) {
      assertEquals(503, door.get("/health").statusCode());
      assertEquals("{\"health\":\"false\"}\n", door.get("/health").body());
      assertEquals(200, door.get("/readyz").statusCode());
    }
  }

  @Test
  void aStoreThatTakesNoUpdatesIsNotReady() throws IOException {
    Store store = Fixtures.store("tiny", "lmdb", directory, metrics);
    try (Door door = watched(store)) {
      store.refuseUpdates(StorageException.of(Code.FULL, store.file(), "is a test"));
      HttpResponse<String> ready = door.get("/readyz");
      assertEquals(503, ready.statusCode());
      assertEquals("full\n", ready.body());
      assertEquals(503, door.get("/health").statusCode());
      assertEquals(200, door.get("/livez").statusCode());
      store.close();
      assertEquals(503, door.get("/livez").statusCode());
      assertEquals(503, door.get("/metrics").statusCode());
    }
  }

  private Door watched(Store store) {
    return Door.to(
        store,
        MaintenanceConfig.defaults(),
        GatewayConfig.defaults().withMonitored(store, metrics));
  }

  private static boolean after(Door door, String name, double value) {
    return figures(door).get(name) == value;
  }

  private static Map<String, Double> figures(Door door) {
    Map<String, Double> figures = new HashMap<>();
    for (String line : door.get("/metrics").body().split("\n")) {
      int space = line.lastIndexOf(' ');
      if (!line.startsWith("#")) {
        figures.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
      }
    }
    return figures;
  }
}
