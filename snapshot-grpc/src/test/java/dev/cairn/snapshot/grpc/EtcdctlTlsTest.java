package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.store.Store;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real etcdctl with certificates. */
@Timeout(900)
class EtcdctlTlsTest {
  @TempDir Path directory;
  private Tools tools;
  private TlsFolder files;

  @BeforeEach
  void needTools() throws Exception {
    Loopback.quietly();
    Tools.need("etcdctl");
    tools = new Tools(directory);
    files = new TlsFolder(directory);
    TestCa.Issued identity = files.ca.issue("backup");
    identity.writeCertificate(files.file("client.crt"));
    identity.writeKey(files.file("client.key"));
  }

  @Test
  void savesWithItsCertificateWhatItSavesInPlaintext() throws Exception {
    Path plain = directory.resolve("plain.db");
    Path mutual = directory.resolve("mutual.db");
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Store store = TestStores.ofFixture("rich", "lmdb", directory);
        MaintenanceServer open =
            MaintenanceServer.start(store, free, MaintenanceConfig.defaults());
        MaintenanceServer safe = TlsFolder.serve(store, files.mutual())) {
      tools.etcdctl("--endpoints=" + address(open), "snapshot", "save", plain.toString());
      save(safe, mutual);
      assertArrayEquals(Files.readAllBytes(plain), Files.readAllBytes(mutual));
      Files.delete(mutual);
      files.renew();
      save(safe, mutual);
      assertArrayEquals(Files.readAllBytes(plain), Files.readAllBytes(mutual));
    }
  }

  private void save(MaintenanceServer server, Path target) throws Exception {
    tools.etcdctl(
        "--endpoints=https://" + address(server),
        "--cacert=" + files.file("ca.crt"),
        "--cert=" + files.file("client.crt"),
        "--key=" + files.file("client.key"),
        "snapshot",
        "save",
        target.toString());
  }

  @Test
  void isRefusedWithoutACertificate() throws Exception {
    Path target = directory.resolve("none.db");
    try (Store store = TestStores.ofFixture("tiny", "heap", directory);
        MaintenanceServer server = TlsFolder.serve(store, files.mutual())) {
      AssertionError refused =
          assertThrows(
              AssertionError.class,
              () ->
                  tools.etcdctl(
                      "--endpoints=https://" + address(server),
                      "--cacert=" + files.file("ca.crt"),
                      "--command-timeout=3s",
                      "--dial-timeout=2s",
                      "snapshot",
                      "save",
                      target.toString()));
      assertTrue(refused.getMessage().contains("Error"), refused.getMessage());
      assertFalse(Files.exists(target));
    }
  }

  private static String address(MaintenanceServer server) {
    return "127.0.0.1:" + server.address().getPort();
  }
}
