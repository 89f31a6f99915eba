package dev.cairn.snapshot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.grpc.MaintenanceConfig;
import dev.cairn.store.Store;
import dev.cairn.store.StoreListener;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The door encrypted, with certificates that are made here. */
@Timeout(1_200)
class TlsDoorTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path directory;
  private KeyStore serverKeys;
  private KeyStore clientKeys;

  @BeforeEach
  void makeCertificates() throws Exception {
    serverKeys = keys("server");
    clientKeys = keys("client");
  }

  @Test
  void answersAndStreamsAreEncrypted() throws Exception {
    try (Store store = Fixtures.store("rich", "lmdb", directory, StoreListener.NONE);
        Door door = door(store, false)) {
      HttpClient client = client(null);
      assertEquals(200, post(client, door, "hash").statusCode());
      byte[] image = Door.blobs(post(client, door, "snapshot").body());
      assertEquals(32, image.length % 512);
      assertTrue(new String(Arrays.copyOf(image, 64)).contains("\0"));
    }
  }

  @Test
  void aClientWithoutItsCertificateIsRefused() throws Exception {
    try (Store store = Fixtures.store("tiny", "lmdb", directory, StoreListener.NONE);
        Door door = door(store, true)) {
      HttpClient stranger = client(null);
      assertThrows(IOException.class, () -> post(stranger, door, "hash"));
      HttpClient impostor = client(keys("impostor"));
      assertThrows(IOException.class, () -> post(impostor, door, "hash"));
      assertEquals(200, post(client(clientKeys), door, "hash").statusCode());
    }
  }

  /** Plaintext on an encrypted port, and a handshake that never ends, get no answer. */
  @Test
  void whatIsNoHandshakeIsCut() throws Exception {
    try (Store store = Fixtures.store("tiny", "lmdb", directory, StoreListener.NONE);
        Door door = door(store, false)) {
      try (Socket plain = door.connect();
          Socket slow = door.connect()) {
        slow.getOutputStream().write(new byte[] {0x16, 3, 1});
        Door.say(plain, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");
        Door.eventually("both are cut", () -> door.connections() == 0);
      }
      assertEquals(200, post(client(null), door, "hash").statusCode());
    }
  }

  private Door door(Store store, boolean clientCertAuth) throws Exception {
    GatewayConfig config =
        GatewayConfig.defaults()
            .withRequestMillisMax(5_000)
            .withTls(context(serverKeys, clientKeys), clientCertAuth);
    return Door.to(store, MaintenanceConfig.defaults(), config);
  }

  private HttpClient client(KeyStore keys) throws Exception {
    return HttpClient.newBuilder().sslContext(context(keys, serverKeys)).build();
  }

  private static HttpResponse<String> post(HttpClient client, Door door, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("https://127.0.0.1:" + door.port() + "/v3/maintenance/" + path);
    return client.send(
        HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString("{}")).build(),
        BodyHandlers.ofString());
  }

  /** A key with a certificate that signs itself, by the JDK's keytool. */
  private KeyStore keys(String name) throws Exception {
    Path file = directory.resolve(name + ".p12");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-keystore",
            file.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            new String(PASSWORD),
            "-alias",
            name,
            "-dname",
            "CN=" + name,
            "-ext",
            "SAN=ip:127.0.0.1",
            "-keyalg",
            "EC",
            "-validity",
            "2");
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String told = new String(keytool.getInputStream().readAllBytes());
    assertEquals(0, keytool.waitFor(), told);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  /** With keys of one's own, or none, that trusts those of the other. */
  private static SSLContext context(KeyStore own, KeyStore trusted) throws Exception {
    KeyStore certificates = KeyStore.getInstance("PKCS12");
    certificates.load(null, null);
    for (String alias : Collections.list(trusted.aliases())) {
      certificates.setCertificateEntry(alias, trusted.getCertificate(alias));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(certificates);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
