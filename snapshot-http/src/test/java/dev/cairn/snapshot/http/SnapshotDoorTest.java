package dev.cairn.snapshot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.EtcdLoad;
import dev.cairn.snapshot.EtcdImages;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.Snapshots;
import dev.cairn.snapshot.grpc.MaintenanceConfig;
import dev.cairn.snapshot.grpc.SnapshotFormat;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.store.StoreListener;
import dev.cairn.store.StoreSnapshot;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot as lines of JSON. */
@Timeout(600)
class SnapshotDoorTest {
  private static final MaintenanceConfig ETCD_FRAMES =
      MaintenanceConfig.defaults().withChunkBytes(32 << 10);

  @TempDir Path directory;

  /** Of the same pages, the lines are those that a real etcd sent, to the byte. */
  @Test
  void linesAreThoseOfEtcd() throws IOException {
    MaintenanceConfig config = ETCD_FRAMES.withSnapshotFormat(SnapshotFormat.NATIVE);
    try (Store store = Fixtures.pages("tiny", directory);
        Door door = Door.to(store, config, GatewayConfig.defaults())) {
      HttpResponse<String> answer = door.post("snapshot", "{}");
      assertEquals(Fixtures.text("gateway-stream.ndjson"), answer.body());
      assertEquals(200, answer.statusCode());
      String told = Fixtures.text("gateway-stream.headers.json");
      answer
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                boolean known = told.toLowerCase().contains("\"" + name + "\"");
                assertTrue(known || name.equals("date"), name);
              });
      assertEquals("application/json", answer.headers().firstValue("content-type").orElseThrow());
    }
  }

  /** Many frames, of sizes that base64 does not like, and what is left counts down to nothing. */
  @Test
  void blobsAreWhatSaveWrites() throws IOException {
    try (Store store = Fixtures.store("rich", "lmdb", directory, StoreListener.NONE)) {
      Path saved = directory.resolve("saved.db");
      Snapshots.save(store, saved);
      for (int chunkBytes : new int[] {512, 49_151, 49_152, 49_153, 1 << 20}) {
        MaintenanceConfig config =
            MaintenanceConfig.defaults()
                .withSnapshotFormat(SnapshotFormat.NATIVE)
                .withChunkBytes(chunkBytes);
        try (Door door = Door.to(store, config, GatewayConfig.defaults())) {
          String lines = door.post("snapshot", "").body();
          assertArrayEquals(Files.readAllBytes(saved), Door.blobs(lines));
          assertTrue(lines.startsWith("{\"result\":{\"remaining_bytes\":\""));
          assertEquals(1, lines.lines().filter(line -> line.length() == 66).count());
        }
      }
    }
  }

  @Test
  void aClientThatReadsNothingIsEndedByTheRuleOfTheService() throws Exception {
    MaintenanceConfig impatient = MaintenanceConfig.defaults().withStallMillis(3_000);
    StoreMetrics metrics = new StoreMetrics();
    try (Store store = loaded();
        Door door =
            Door.to(
                store,
                impatient,
                GatewayConfig.defaults().withIdleMillisMax(1_000).withMonitored(store, metrics))) {
      try (Socket deaf = door.askWithoutReading()) {
        Door.eventually(
            "the stream is ended",
            () -> door.get("/metrics").body().contains("\ncairn_snapshots_failed_total 1\n"));
        assertEquals(0, pins(store));
        Door.eventually("the connection is ended", () -> door.connections() == 0);
        assertTrue(deaf.isConnected());
      }
      assertArrayEquals(wholeImage(store), Door.blobs(door.post("snapshot", "").body()));
    }
  }

  @Test
  void aClientThatGoesLetsThePinGo() throws Exception {
    int rounds = TestRun.count(20, 500);
    try (Store store = loaded();
        Door door = Door.to(store)) {
      for (int i = 0; i < rounds; i++) {
        try (Socket deaf = door.askWithoutReading()) {
          Door.eventually("a pin", () -> pins(store) == 1);
          if (i % 2 == 0) {
            assertTrue(deaf.getInputStream().readNBytes(100_000).length > 0);
          }
        }
        Door.eventually("the pin is let go", () -> pins(store) == 0);
      }
    }
    TestRun.report("clients of the gateway that went", rounds);
  }

  /** The first two hold what may be held; the third is told so with a status of its own. */
  @Test
  void tooManyAtOnceAreRefused() throws Exception {
    try (Store store = loaded();
        Door door = Door.to(store);
        Socket first = door.askWithoutReading();
        Socket second = door.askWithoutReading()) {
      Door.eventually("two pins", () -> pins(store) == 2);
      HttpResponse<String> refused = door.post("snapshot", "");
      assertEquals(429, refused.statusCode());
      assertEquals(
          "{\"error\":{\"grpc_code\":8,\"http_code\":429,\"message\":\"too many snapshots are being"
              + " sent already; try again later\",\"http_status\":\"Too Many Requests\"}}",
          refused.body());
      assertTrue(first.isConnected() && second.isConnected());
    }
  }

  /** What the service says in the middle of a stream is its last line; the trailer is missing. */
  @Test
  void anEndInTheMiddleIsTheLastFrame() throws Exception {
    try (Store store = loaded();
        Door door = Door.to(store);
        Socket slow = door.askWithoutReading()) {
      InputStream in = slow.getInputStream();
      in.readNBytes(1_000);
      door.closeService();
      Door.eventually("the pin is let go", () -> pins(store) == 0);
      String rest = new String(in.readAllBytes(), UTF_8);
      String error =
          "{\"error\":{\"grpc_code\":14,\"http_code\":503,\"message\":\"the server is shutting"
              + " down; save again later\",\"http_status\":\"Service Unavailable\"}}";
      assertTrue(rest.contains(error), rest.substring(Math.max(0, rest.length() - 500)));
    }
  }

  private Store loaded() {
    Store store = Store.open(directory.resolve("loaded.db"), StoreConfig.engine("lmdb"));
    new EtcdLoad(2_000, 8_000, 7).into(store, done -> {});
    return store;
  }

  private static byte[] wholeImage(Store store) throws IOException {
    Path saved = store.file().resolveSibling("whole.db");
    Files.deleteIfExists(saved);
    try (StoreSnapshot pinned = store.snapshot()) {
      Snapshots.save(EtcdImages.of(pinned.view()), saved, SaveOptions.defaults());
    }
    return Files.readAllBytes(saved);
  }

  private static int pins(Store store) {
    return store.stats().backend().pinsOpen();
  }
}
