package dev.cairn.snapshot.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.SaveOptions;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;
import dev.cairn.store.Store;
import dev.cairn.testkit.TestRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that are renewed while the server works. */
@Timeout(900)
class RotationTest {
  private static final int SAVERS = 2;
  private static final int SAVES_MIN = 8;
  private static final Bucket BUCKET = Bucket.named("written-meanwhile");

  @TempDir Path directory;
  private TlsFolder files;

  @BeforeEach
  void makeFiles() throws Exception {
    Loopback.quietly();
    files = new TlsFolder(directory);
  }

  /** Streams and a writer go on; whoever comes after a renewal meets the new certificate. */
  @Test
  void noStreamIsDroppedWhileCertificatesAreRenewed() throws Exception {
    int renewals = TestRun.count(20, 200);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger saves = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(SAVERS + 1);
    try (Store store = TestStores.loaded("lmdb", directory, 2_000, 2_000);
        MaintenanceServer server = TlsFolder.serve(store, files.mutual())) {
      store.update(tx -> tx.createBucket(BUCKET));
      List<Future<?>> savers = new ArrayList<>();
      for (int i = 0; i < SAVERS; i++) {
        Path target = directory.resolve("saved-" + i);
        savers.add(threads.submit(() -> saveOverAndOver(server, target, saves, over)));
      }
      Future<Integer> writer = threads.submit(() -> writeOverAndOver(store, over));
      boolean saved = false;
      for (int round = 0; round < renewals || !saved; round++) {
        TestCa.Issued now = files.renew();
        assertEquals(now.certificate(), ServerTlsTest.certificateOf(server.address()));
        saved = saves.get() >= SAVES_MIN || savers.stream().anyMatch(Future::isDone);
      }
      over.set(true);
      for (Future<?> saver : savers) {
        saver.get();
      }
      TestRun.report("saves while certificates were renewed", saves.get());
      TestRun.report("puts meanwhile", writer.get());
      TestRun.report("renewals", renewals);
    } finally {
      over.set(true);
      threads.shutdown();
      assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS));
    }
  }

  /** Each save has a connection of its own; one connection lasts all the time. */
  private Void saveOverAndOver(
      MaintenanceServer server, Path target, AtomicInteger saves, AtomicBoolean over)
      throws Exception {
    TestCa.Issued identity = files.ca.issue("backup");
    try (MaintenanceClient lasting = files.client(server, identity)) {
      do {
        lasting.save(target, SaveOptions.defaults()).verify();
        try (MaintenanceClient fresh = files.client(server, identity)) {
          fresh.save(target, SaveOptions.defaults()).verify();
        }
        saves.addAndGet(2);
      } while (!over.get());
    }
    return null;
  }

  private static int writeOverAndOver(Store store, AtomicBoolean over) {
    int puts = 0;
    do {
      byte[] value = ("value " + puts).getBytes(UTF_8);
      byte[] key = ("key " + puts++ % 1_000).getBytes(UTF_8);
      store.update(tx -> tx.put(BUCKET, key, value));
    } while (!over.get());
    return puts;
  }

  /** Every half of a renewal, and files that are no good, leave the old pair in use. */
  @Test
  void brokenFilesLeaveTheOldCertificateInUseAndAreLoggedOnce() throws Exception {
    Path certificate = files.file("server.crt");
    Path key = files.file("server.key");
    TestCa.Issued next = files.ca.issue("server");
    try (WarningLog log = new WarningLog(Reloading.class);
        Store store = TestStores.empty("heap", directory);
        MaintenanceServer server = TlsFolder.serve(store, files.mutual())) {
      var first = ServerTlsTest.certificateOf(server.address());
      List<Callable<Path>> breaks =
          List.of(
              () -> next.writeCertificate(certificate),
              () -> Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\nMII"),
              () -> Files.write(certificate, new byte[0]),
              () -> Files.writeString(key, "no key"));
      for (Callable<Path> each : breaks) {
        each.call();
        for (int times = 0; times < 3; times++) {
          assertEquals(first, ServerTlsTest.certificateOf(server.address()));
        }
      }
      Files.delete(certificate);
      assertEquals(first, ServerTlsTest.certificateOf(server.address()));
      next.writeKey(key);
      next.writeCertificate(certificate);
      assertEquals(next.certificate(), ServerTlsTest.certificateOf(server.address()));
      // A half written certificate and an empty one are the same: none.
      assertEquals(3, log.lines().size(), log.lines().toString());
    }
  }

  @Test
  void anotherAuthorityIsTrustedFromTheNextConnectionOn() throws Exception {
    TestCa later = new TestCa("later");
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceServer server = TlsFolder.serve(store, files.mutual());
        MaintenanceClient old = files.client(server, files.ca.issue("backup"))) {
      assertEquals(1, old.status().revision());
      assertStranger(server, later);
      later.self().writeCertificate(files.file("ca.crt"));
      try (MaintenanceClient known = files.client(server, later.issue("backup"))) {
        assertEquals(1, known.status().revision());
      }
      assertStranger(server, files.ca);
      assertEquals(1, old.status().revision(), "a connection that is there stays");
    }
  }

  private void assertStranger(MaintenanceServer server, TestCa ca) throws Exception {
    try (MaintenanceClient stranger = files.stranger(server, ca.issue("backup"))) {
      assertThrows(StorageException.class, stranger::status);
    }
  }
}
