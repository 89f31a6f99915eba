package dev.cairn.snapshot.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.EtcdHash;
import dev.cairn.etcd.EtcdStatus;
import dev.cairn.snapshot.EtcdImages;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.Snapshots;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Our client against a real etcd. */
@Timeout(600)
class RealEtcdTest {
  /** Etcd takes a while to be a leader; it is not reachable before. */
  private static final ClientConfig PATIENT = ClientConfig.defaults().withDialMillis(60_000);

  @TempDir Path directory;
  private Tools tools;

  @BeforeEach
  void needTools() {
    Loopback.quietly();
    Tools.need("etcd", "etcdctl");
    tools = new Tools(directory);
  }

  @Test
  void whatIsSavedIsWhatEtcdHolds() throws Exception {
    Path target = directory.resolve("saved.db");
    try (RealEtcd etcd = RealEtcd.start(directory.resolve("data"));
        MaintenanceClient client = MaintenanceClient.connect(etcd.endpoint(), PATIENT)) {
      System.out.println("etcd version " + client.status().version());
      for (int i = 0; i < 20; i++) {
        tools.etcdctl("--endpoints=" + etcd.endpoint(), "put", "key" + i, "v".repeat(10_000));
      }
      SnapshotFile saved = client.save(target, SaveOptions.defaults());
      saved.verify();
      assertEquals("etcd", saved.format());
      MemberStatus status = client.status();
      try (ReadView view = saved.openView()) {
        assertEquals(status.revision(), EtcdStatus.of(view).revision());
        assertEquals(client.hash().crc32c(), EtcdHash.maintenance(view));
      }
      assertEquals(status.memberId(), status.leaderId());
      assertTrue(status.raftTerm() > 0);
      assertStatusAgrees(saved);
      client.defragment();
      assertTrue(client.status().dbSizeBytes() <= status.dbSizeBytes());
    }
  }

  private void assertStatusAgrees(SnapshotFile saved) throws Exception {
    String json = tools.etcdctl("snapshot", "status", saved.path().toString(), "-w", "json");
    try (ReadView view = saved.openView()) {
      EtcdStatus ours = EtcdStatus.of(view);
      assertTrue(json.contains("\"hash\":" + Integer.toUnsignedString(ours.hash()) + ","), json);
      assertTrue(json.contains("\"revision\":" + ours.revision() + ","), json);
      assertTrue(json.contains("\"totalKey\":" + ours.totalKeys() + ","), json);
      assertTrue(json.contains("\"totalSize\":" + saved.imageSizeBytes() + "}"), json);
    }
  }

  @Test
  void anEtcdKilledInTheMiddleLeavesNothing() throws Exception {
    Path data = restored(TestRun.count(96, 512));
    Path target = directory.resolve("saved.db");
    byte[] before = "what was there before".getBytes(UTF_8);
    Files.write(target, before);
    AtomicLong reached = new AtomicLong();
    try (RealEtcd etcd = RealEtcd.start(data);
        MaintenanceClient client = MaintenanceClient.connect(etcd.endpoint(), PATIENT)) {
      SaveOptions killing =
          SaveOptions.defaults()
              .withProgress(
                  (done, total) -> {
                    reached.set(done);
                    assertTrue(total > 60 << 20, "more than sockets and windows hold");
                    if (done > 1 << 20) {
                      etcd.kill();
                    }
                  });
      StorageException e = assertThrows(StorageException.class, () -> client.save(target, killing));
      assertEquals(Code.UNAVAILABLE, e.code(), e.getMessage());
      System.out.println(e.getMessage());
    }
    TestRun.report("bytes received when the killed etcd was missed", reached.get());
    assertArrayEquals(before, Files.readAllBytes(target));
    assertFalse(Files.exists(directory.resolve("saved.db.part")));
  }

  /** A data directory that etcdctl restored from an image of ours. */
  private Path restored(int megabytes) throws Exception {
    Path snapshot = directory.resolve("load.db");
    try (Store store = TestStores.loaded("lmdb", directory, megabytes * 100L, 10_000);
        Snapshot image = EtcdImages.of(store.openView())) {
      Snapshots.save(image, snapshot, SaveOptions.defaults());
    }
    deleteStore();
    Path data = directory.resolve("data");
    tools.etcdctl("snapshot", "restore", snapshot.toString(), "--data-dir", data.toString());
    Files.delete(snapshot);
    return data;
  }

  private void deleteStore() throws IOException {
    Files.delete(directory.resolve("lmdb.db"));
  }
}
