package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.SaveOptions;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, with which files, and what is said of wrong ones. */
@Timeout(900)
class ServerTlsTest {
  @TempDir Path directory;
  private TlsFolder files;

  @BeforeEach
  void makeFiles() throws Exception {
    Loopback.quietly();
    files = new TlsFolder(directory);
  }

  @Test
  void aSaveBehindTlsIsTheSaveInPlaintext() throws Exception {
    Path plain = directory.resolve("plain.db");
    Path safe = directory.resolve("safe.db");
    Path mutual = directory.resolve("mutual.db");
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Store store = TestStores.loaded("lmdb", directory, 2_000, 1_000);
        MaintenanceServer open =
            MaintenanceServer.start(store, free, MaintenanceConfig.defaults());
        MaintenanceServer tls = TlsFolder.serve(store, files.server());
        MaintenanceServer both = TlsFolder.serve(store, files.mutual());
        MaintenanceClient first =
            MaintenanceClient.connect("127.0.0.1:" + open.address().getPort(), Loopback.PATIENT);
        MaintenanceClient second = files.client(tls, null);
        MaintenanceClient third = files.client(both, files.ca.issue("backup"))) {
      first.save(plain, SaveOptions.defaults());
      second.save(safe, SaveOptions.defaults());
      third.save(mutual, SaveOptions.defaults());
      assertArrayEquals(Files.readAllBytes(plain), Files.readAllBytes(safe));
      assertArrayEquals(Files.readAllBytes(plain), Files.readAllBytes(mutual));
    }
  }

  @Test
  void strangersStayOutside() throws Exception {
    TestCa.Issued stranger = new TestCa("authority").issue("backup");
    TestCa.Issued expired = files.ca.issueExpired("backup");
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceServer server = TlsFolder.serve(store, files.mutual());
        MaintenanceClient known = files.client(server, files.ca.issue("backup"));
        MaintenanceClient nobody = files.stranger(server, null);
        MaintenanceClient other = files.stranger(server, stranger);
        MaintenanceClient late = files.stranger(server, expired)) {
      for (MaintenanceClient each : List.of(nobody, other, late)) {
        StorageException e = assertThrows(StorageException.class, each::status);
        assertEquals(Code.UNAVAILABLE, e.code(), e.getMessage());
      }
      assertEquals(1, known.status().revision());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothVersionsOfTlsAreSpoken(String version) throws Exception {
    TestCa.Issued now = files.renew();
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceServer server = TlsFolder.serve(store, files.server())) {
      assertEquals(now.certificate(), certificateOf(server.address(), version));
    }
  }

  @Test
  void plaintextAndTlsDoNotMix() throws Exception {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceServer safe = TlsFolder.serve(store, files.server());
        MaintenanceServer open =
            MaintenanceServer.start(store, free, MaintenanceConfig.defaults());
        MaintenanceClient plainToSafe =
            MaintenanceClient.connect(
                "127.0.0.1:" + safe.address().getPort(),
                ClientConfig.defaults().withDialMillis(500));
        MaintenanceClient safeToPlain = files.stranger(open, null);
        MaintenanceClient right = files.client(safe, null)) {
      for (MaintenanceClient each : List.of(plainToSafe, safeToPlain)) {
        StorageException e = assertThrows(StorageException.class, each::status);
        assertEquals(Code.UNAVAILABLE, e.code(), e.getMessage());
      }
      assertEquals(1, right.status().revision());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RSA, 2048, PRIVATE KEY",
    "RSA, 2048, RSA PRIVATE KEY",
    "RSA, 4096, RSA PRIVATE KEY",
    "EC, 256, PRIVATE KEY",
    "EC, 256, EC PRIVATE KEY",
    "EC, 384, EC PRIVATE KEY",
    "EC, 521, EC PRIVATE KEY"
  })
  void keysOfEveryForm(String algorithm, int bits, String label) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    KeyPair keys = generator.generateKeyPair();
    byte[] der = keys.getPrivate().getEncoded();
    byte[] form = label.equals("PRIVATE KEY") ? der : inner(der, algorithm, bits);
    Files.writeString(files.file("server.key"), TestCa.pem(label, form));
    files.ca.issue("server", keys, Duration.ZERO).writeCertificate(files.file("server.crt"));
    try (Store store = TestStores.empty("heap", directory);
        MaintenanceServer server = TlsFolder.serve(store, files.server())) {
      assertEquals(keys.getPublic(), certificateOf(server.address()).getPublicKey());
    }
  }

  /** What stands in the octet string at the end of PKCS#8; SEC1 of its own names the curve. */
  private static byte[] inner(byte[] pkcs8, String algorithm, int bits) {
    String hex = HexFormat.of().formatHex(pkcs8);
    if (algorithm.equals("RSA")) {
      int at = hex.indexOf("0500", 8) / 2 + 2;
      return Arrays.copyOfRange(pkcs8, at + 4, pkcs8.length);
    }
    String oid =
        switch (bits) {
          case 256 -> "06082a8648ce3d030107";
          case 384 -> "06052b81040022";
          default -> "06052b81040023";
        };
    int secretBytes = (bits + 7) / 8;
    int at = hex.indexOf("02010104", 10) / 2 + 3;
    byte[] secret = Arrays.copyOfRange(pkcs8, at + 2, at + 2 + secretBytes);
    return TestCa.tagged(
        0x30,
        TestCa.hex("020101"),
        TestCa.tagged(0x04, secret),
        TestCa.tagged(0xa0, TestCa.hex(oid)));
  }

  /** What a server shows to whoever comes. */
  static X509Certificate certificateOf(InetSocketAddress address) throws Exception {
    return certificateOf(address, "TLSv1.3", "TLSv1.2");
  }

  private static X509Certificate certificateOf(InetSocketAddress address, String... protocols)
      throws Exception {
    SSLContext curious = SSLContext.getInstance("TLS");
    curious.init(new KeyManager[0], new javax.net.ssl.TrustManager[] {new Anybody()}, null);
    try (SSLSocket socket =
        (SSLSocket)
            curious.getSocketFactory().createSocket(address.getAddress(), address.getPort())) {
      socket.setEnabledProtocols(protocols);
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  /** Trusts every server; a test compares the certificate itself. */
  private static final class Anybody extends javax.net.ssl.X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] c, String type, java.net.Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] c, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void wrongFilesAreSaidWithoutTheirSecrets() throws Exception {
    Path crt = files.file("server.crt");
    Path key = files.file("server.key");
    Path wrong = files.file("wrong.pem");
    assertWrong(Code.NOT_FOUND, wrong, () -> ServerTls.of(wrong, key));
    assertWrong(Code.NOT_FOUND, wrong, () -> ServerTls.of(crt, wrong));
    assertWrong(Code.NOT_FOUND, wrong, () -> files.server().withTrustedCaFile(wrong));
    Files.writeString(wrong, "");
    assertWrong(Code.CORRUPT, wrong, () -> ServerTls.of(wrong, key));
    assertWrong(Code.CORRUPT, wrong, () -> ServerTls.of(crt, wrong));
    assertWrong(Code.CORRUPT, wrong, () -> files.server().withTrustedCaFile(wrong));
    files.ca.issue("other").writeKey(wrong);
    assertWrong(Code.CORRUPT, wrong, () -> ServerTls.of(crt, wrong));
    assertWrong(Code.CORRUPT, wrong, () -> ServerTls.of(wrong, key));
    Files.writeString(wrong, TestCa.pem("CERTIFICATE", new byte[] {0x30, 1, 2}));
    assertWrong(Code.CORRUPT, wrong, () -> ServerTls.of(wrong, key));
    Files.writeString(wrong, "-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n");
    assertWrong(Code.CORRUPT, wrong, () -> ServerTls.of(wrong, key));
    for (String label : List.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY")) {
      for (byte[] der : List.of(new byte[0], new byte[] {0x30, (byte) 0x84, 1}, new byte[9])) {
        Files.writeString(wrong, TestCa.pem(label, der));
        // A curve is looked for here, the rest is for Java to read.
        Code said = label.startsWith("EC") ? Code.CORRUPT : Code.UNSUPPORTED;
        assertWrong(said, wrong, () -> ServerTls.of(crt, wrong));
      }
    }
    Files.writeString(wrong, TestCa.pem("ENCRYPTED PRIVATE KEY", new byte[40]));
    assertWrong(Code.UNSUPPORTED, wrong, () -> ServerTls.of(crt, wrong));
    String older = TestCa.pem("RSA PRIVATE KEY", new byte[40]);
    Files.writeString(wrong, older.replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\n\n"));
    assertWrong(Code.UNSUPPORTED, wrong, () -> ServerTls.of(crt, wrong));
    KeyPair another = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Files.writeString(wrong, TestCa.pem("PRIVATE KEY", another.getPrivate().getEncoded()));
    assertWrong(Code.UNSUPPORTED, wrong, () -> ServerTls.of(crt, wrong));
    Files.write(wrong, new byte[(1 << 20) + 1]);
    assertWrong(Code.LIMIT, wrong, () -> ServerTls.of(wrong, key));
    assertWrong(Code.IO, directory, () -> ServerTls.of(directory, key));
  }

  private static void assertWrong(Code code, Path named, Runnable open) {
    StorageException e = assertThrows(StorageException.class, open::run);
    assertEquals(code, e.code(), e.getMessage());
    assertTrue(e.getMessage().startsWith(named + ": "), e.getMessage());
    assertFalse(e.getMessage().contains("-----") || e.getMessage().contains("\n"), e.getMessage());
  }

  @Test
  void aCopyWithAuthoritiesLeavesTheFirstAsItWas() {
    ServerTls first = files.server();
    assertTrue(first.withTrustedCaFile(files.file("ca.crt")).clientCertAuth());
    assertFalse(first.clientCertAuth());
  }

  /** What the door made of the last client that it refused. */
  private final AtomicReference<IOException> refusal = new AtomicReference<>();

  /** The same identity at a door that is not gRPC's. */
  @Test
  void theContextFollowsTheFilesToo() throws Exception {
    SSLContext server = files.mutual().sslContext();
    InetAddress here = InetAddress.getLoopbackAddress();
    try (SSLServerSocket door =
        (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 9, here)) {
      door.setNeedClientAuth(true);
      TestCa.Issued client = files.ca.issue("backup");
      for (int round = 0; round < 3; round++) {
        TestCa.Issued now = files.renew();
        assertEquals(now.certificate(), greet(door, client));
      }
      TestCa.Issued stranger = new TestCa("authority").issue("backup");
      assertThrows(IOException.class, () -> greet(door, stranger));
      // What the client sees of it may be the closed connection alone.
      assertInstanceOf(SSLException.class, refusal.get());
    }
  }

  /** Connects, lets both sides say a byte, and tells whom the client met. */
  private X509Certificate greet(SSLServerSocket door, TestCa.Issued identity) throws Exception {
    Thread answering = new Thread(() -> answerOne(door));
    answering.start();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keysOf(identity), trustOf(files.ca), null);
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(door.getInetAddress(), door.getLocalPort())) {
      socket.getOutputStream().write(1);
      if (socket.getInputStream().read() != 2) {
        throw new SSLException("no answer");
      }
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    } finally {
      answering.join();
    }
  }

  private void answerOne(SSLServerSocket door) {
    try (SSLSocket accepted = (SSLSocket) door.accept()) {
      accepted.getInputStream().read();
      accepted.getOutputStream().write(2);
    } catch (IOException refused) {
      refusal.set(refused);
    }
  }

  private static KeyManager[] keysOf(TestCa.Issued identity) throws Exception {
    java.security.KeyStore store = java.security.KeyStore.getInstance("PKCS12");
    store.load(null, null);
    X509Certificate[] chain = {identity.certificate()};
    store.setKeyEntry("me", identity.keys().getPrivate(), new char[0], chain);
    var factory = javax.net.ssl.KeyManagerFactory.getInstance("PKIX");
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static javax.net.ssl.TrustManager[] trustOf(TestCa ca) throws Exception {
    java.security.KeyStore store = java.security.KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("ca", ca.self().certificate());
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return factory.getTrustManagers();
  }
}
