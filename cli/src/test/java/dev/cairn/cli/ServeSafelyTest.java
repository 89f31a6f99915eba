package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.snapshot.grpc.ClientConfig;
import dev.cairn.snapshot.grpc.MaintenanceClient;
import dev.cairn.spi.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The flags that keep strangers out, as typed. */
@Timeout(900)
class ServeSafelyTest {
  /** For etcdctl, which by itself gives up after 2 seconds. */
  private static final String PATIENCE = "--dial-timeout=60s";

  @TempDir Path directory;
  private Path db;

  @BeforeEach
  void load() {
    db = directory.resolve("data.db");
    Cli.run("load", "--db", db, "--keys", 10).ok();
  }

  @ParameterizedTest
  @CsvSource({
    "--cert-file x, --cert-file and --key-file belong together",
    "--key-file x, --cert-file and --key-file belong together",
    "--trusted-ca-file x, --trusted-ca-file needs --cert-file",
    "--client-cert-auth, --client-cert-auth needs --trusted-ca-file",
    "--cert-file x --key-file x --client-cert-auth, --client-cert-auth needs --trusted-ca-file"
  })
  void halvesAreUsageErrors(String words, String expected) {
    Cli.run((Object[]) ("serve --db x " + words).split(" ")).failed(2, expected, "see cairn serve");
  }

  /** Before the store is opened, which is not even there. */
  @Test
  void filesThatCannotBeUsedAreSaidFirst() throws Exception {
    Path none = directory.resolve("none");
    Path open = Files.writeString(directory.resolve("open"), "all very-secret\n");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    Path text = Files.writeString(directory.resolve("text"), "no PEM");
    serve("--cert-file", none, "--key-file", none).failed(4, none.toString());
    serve("--cert-file", text, "--key-file", text).failed(3, text.toString(), "PEM");
    serve("--token-file", none).failed(4, none.toString());
    Cli.Result refused = serve("--token-file", open).failed(1, open.toString(), "chmod 600");
    assertFalse(refused.err().contains("very-secret"), refused.err());
  }

  private Cli.Result serve(Object... words) {
    Object[] all = new Object[words.length + 3];
    all[0] = "serve";
    all[1] = "--db";
    all[2] = directory.resolve("not-there.db");
    System.arraycopy(words, 0, all, 3, words.length);
    return Cli.run(all);
  }

  @Test
  void tlsNeedsNoLeaveToListenBeyondThisMachine() throws Exception {
    SelfSigned server = new SelfSigned(directory, "server");
    try (Serving serving =
        new Serving(
            "--db",
            db,
            "--listen",
            "0.0.0.0:0",
            "--cert-file",
            server.certificate,
            "--key-file",
            server.key)) {
      assertTrue(serving.endpoint().startsWith("0.0.0.0:"), serving.endpoint());
    }
  }

  @Test
  void aTokenFileKeepsOutWhoHasNone() throws IOException {
    Path tokens = Files.writeString(directory.resolve("tokens"), "backup a-token\n");
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
    try (Serving serving = new Serving("--db", db, "--token-file", tokens);
        MaintenanceClient client =
            MaintenanceClient.connect(
                serving.endpoint(), ClientConfig.defaults().withDialMillis(60_000))) {
      StorageException e = assertThrows(StorageException.class, client::status);
      assertTrue(e.getMessage().contains("etcdserver: user name is empty"), e.getMessage());
    }
  }

  /** etcdctl saves through mTLS what it saves in plaintext, and nothing without its certificate. */
  @Test
  void etcdctlSavesWithItsCertificate() throws Exception {
    Optional<EtcdTools> found = EtcdTools.find();
    assertTrue(found.isPresent() || !"true".equals(System.getenv("CI")), "CI has no etcd");
    assumeTrue(found.isPresent(), "no etcd and etcdctl on the PATH");
    SelfSigned server = new SelfSigned(directory, "server");
    SelfSigned client = new SelfSigned(directory, "client");
    Path plain = directory.resolve("plain.db");
    Path safe = directory.resolve("safe.db");
    Path none = directory.resolve("none.db");
    try (Serving serving = new Serving("--db", db)) {
      assertEquals(
          0,
          etcdctl(found, "--endpoints=" + serving.endpoint(), PATIENCE, "snapshot", "save", plain));
    }
    try (Serving serving =
        new Serving(
            "--db",
            db,
            "--cert-file",
            server.certificate,
            "--key-file",
            server.key,
            "--trusted-ca-file",
            client.certificate,
            "--client-cert-auth")) {
      String endpoint = "--endpoints=https://" + serving.endpoint();
      String trust = "--cacert=" + server.certificate;
      String cert = "--cert=" + client.certificate;
      String key = "--key=" + client.key;
      assertEquals(
          0, etcdctl(found, endpoint, trust, cert, key, PATIENCE, "snapshot", "save", safe));
      assertNotEquals(
          0, etcdctl(found, endpoint, trust, "--command-timeout=3s", "snapshot", "save", none));
    }
    assertArrayEquals(Files.readAllBytes(plain), Files.readAllBytes(safe));
    assertTrue(Files.notExists(none));
  }

  /** Both doors behind one certificate and one file of tokens; ours on both ends. */
  @Test
  void bothDoorsAskForTheToken() throws Exception {
    SelfSigned server = new SelfSigned(directory, "server");
    Path tokens = Files.writeString(directory.resolve("tokens"), "backup a-token\n");
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
    Path token = Files.writeString(directory.resolve("token"), "a-token\n");
    Path saved = directory.resolve("saved.db");
    try (Serving serving =
        new Serving(
            "--db",
            db,
            "--http-listen",
            "127.0.0.1:0",
            "--cert-file",
            server.certificate,
            "--key-file",
            server.key,
            "--token-file",
            tokens)) {
      Object[] save = {
        "snapshot", "save", saved, "--endpoints", "https://" + serving.endpoint(), "--cacert"
      };
      Cli.run(with(save, server.certificate)).failed(6, "etcdserver: user name is empty");
      assertTrue(Files.notExists(saved));
      Cli.run(with(save, server.certificate, "--token-file", token)).ok();
      String uri = "https://" + serving.httpEndpoint() + "/v3/maintenance/status";
      HttpClient client = HttpClient.newBuilder().sslContext(trusting(server.certificate)).build();
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(uri)).POST(BodyPublishers.ofString("{}"));
      HttpResponse<String> refused = client.send(request.build(), BodyHandlers.ofString());
      assertEquals(400, refused.statusCode());
      assertTrue(refused.body().contains("user name is empty"), refused.body());
      request.header("Authorization", "Bearer a-token");
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      assertEquals(200, answer.statusCode(), answer.body());
    }
    Cli.run("snapshot", "verify", saved).ok();
  }

  private static Object[] with(Object[] words, Object... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray();
  }

  private static SSLContext trusting(Path certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(certificate)) {
      CertificateFactory certificates = CertificateFactory.getInstance("X.509");
      trusted.setCertificateEntry("server", certificates.generateCertificate(in));
    }
    TrustManagerFactory judges = TrustManagerFactory.getInstance("PKIX");
    judges.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, judges.getTrustManagers(), null);
    return context;
  }

  private static int etcdctl(Optional<EtcdTools> tools, Object... words) throws IOException {
    String[] texts = Stream.of(words).map(String::valueOf).toArray(String[]::new);
    return tools.orElseThrow().etcdctl(texts).exitCode();
  }
}
