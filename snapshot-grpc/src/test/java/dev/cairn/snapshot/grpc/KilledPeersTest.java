package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.SaveOptions;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import dev.cairn.testkit.TestRun;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of either side in the middle of a stream. */
@Timeout(600)
class KilledPeersTest {
  @TempDir Path directory;

  @BeforeEach
  void quietly() {
    Loopback.quietly();
  }

  @Test
  void aKilledServerLeavesNothingOnTheClientsDisk() throws Exception {
    TestStores.loaded("lmdb", directory, 6_000, 10_000).close();
    Path saves = Files.createDirectory(directory.resolve("saves"));
    String file = directory.resolve("lmdb.db").toString();
    try (SmallJvm server = SmallJvm.start("serve", file, SnapshotFormat.ETCD.name());
        MaintenanceClient client = MaintenanceClient.connect(server.readLine(), Loopback.PATIENT)) {
      SaveOptions killing = SaveOptions.defaults().withProgress((done, total) -> server.kill());
      StorageException e =
          assertThrows(StorageException.class, () -> client.save(saves.resolve("db"), killing));
      assertEquals(Code.UNAVAILABLE, e.code(), e.getMessage());
      assertTrue(e.getMessage().contains("broke off"), e.getMessage());
    }
    try (var left = Files.list(saves)) {
      assertFalse(left.findAny().isPresent());
    }
  }

  @Test
  void aKilledClientLetsThePinGo() throws Exception {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    MaintenanceConfig config =
        MaintenanceConfig.defaults().withSnapshotFormat(SnapshotFormat.NATIVE);
    try (Store store = TestStores.loaded("lmdb", directory, 6_000, 10_000);
        MaintenanceServer server = MaintenanceServer.start(store, free, config)) {
      int idle = store.stats().backend().pinsOpen();
      String endpoint = "127.0.0.1:" + server.address().getPort();
      try (SmallJvm client = SmallJvm.start("slow", endpoint)) {
        while (store.stats().backend().pinsOpen() == idle) {
          TimeUnit.MILLISECONDS.sleep(1);
        }
        client.kill();
        long start = System.nanoTime();
        while (store.stats().backend().pinsOpen() > idle) {
          TimeUnit.MILLISECONDS.sleep(1);
        }
        TestRun.report(
            "milliseconds from a killed client to no pin",
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      }
    }
  }
}
