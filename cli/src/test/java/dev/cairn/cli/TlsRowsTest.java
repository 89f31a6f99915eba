package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.testkit.TestRun;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Certificates that are wrong on either side, in front of a server of ours and of real etcds: one
 * line, exit code 6, and nothing left in the directory.
 */
@Timeout(600)
class TlsRowsTest {
  /** On a busy machine even a handshake that fails takes its time. */
  private static final String PATIENCE = "--dial-timeout=60s";

  @TempDir Path directory;
  private TestAuthority authority;
  private TestAuthority stranger;
  private TestAuthority.Issued client;
  private Path out;

  @BeforeEach
  void certificates() throws IOException {
    Path pki = Files.createDirectory(directory.resolve("pki"));
    authority = new TestAuthority(pki, "authority");
    stranger = new TestAuthority(pki, "stranger");
    client = authority.issue("client", "client", "client.test");
    out = Files.createDirectory(directory.resolve("out")).resolve("saved.db");
  }

  /** Where a server listens; the same rows are tried on each kind. */
  private interface Listening extends AutoCloseable {
    /** Host and port. */
    String address();

    @Override
    void close() throws IOException;
  }

  private interface Servers {
    Listening start(String name, TestAuthority.Issued shown, boolean asksForCertificates)
        throws IOException;

    Listening startPlain() throws IOException;
  }

  private static Listening ours(ServerCredentials credentials) throws IOException {
    Server server = Grpc.newServerBuilderForPort(0, credentials).build().start();
    return new Listening() {
      @Override
      public String address() {
        return "127.0.0.1:" + server.getPort();
      }

      @Override
      public void close() {
        server.shutdownNow();
      }
    };
  }

  private final class OurServers implements Servers {
    @Override
    public Listening start(String name, TestAuthority.Issued shown, boolean asks)
        throws IOException {
      TlsServerCredentials.Builder credentials =
          TlsServerCredentials.newBuilder().keyManager(shown.cert().toFile(), shown.key().toFile());
      if (asks) {
        credentials.trustManager(authority.cert().toFile()).clientAuth(ClientAuth.REQUIRE);
      }
      return ours(credentials.build());
    }

    @Override
    public Listening startPlain() throws IOException {
      return ours(InsecureServerCredentials.create());
    }
  }

  private final class EtcdServers implements Servers {
    private final EtcdTools tools;

    EtcdServers(EtcdTools tools) {
      this.tools = tools;
    }

    @Override
    public Listening start(String name, TestAuthority.Issued shown, boolean asks)
        throws IOException {
      List<String> flags =
          new ArrayList<>(List.of("--cert-file=" + shown.cert(), "--key-file=" + shown.key()));
      if (asks) {
        flags.addAll(List.of("--client-cert-auth", "--trusted-ca-file=" + authority.cert()));
      }
      return listening(
          SecuredEtcd.start(
              tools,
              directory.resolve(name),
              "https",
              List.of(
                  "--insecure-transport=false",
                  "--insecure-skip-tls-verify",
                  "--cert=" + client.cert(),
                  "--key=" + client.key()),
              flags.toArray(String[]::new)));
    }

    @Override
    public Listening startPlain() throws IOException {
      return listening(SecuredEtcd.start(tools, directory.resolve("plain"), "http", List.of()));
    }

    private static Listening listening(SecuredEtcd etcd) {
      return new Listening() {
        @Override
        public String address() {
          return etcd.endpoint().replaceFirst("https?://", "");
        }

        @Override
        public void close() {
          etcd.close();
        }
      };
    }
  }

  @Test
  void ofAServerOfOurs() throws IOException {
    tryRows(new OurServers());
  }

  @Test
  void ofEtcd() throws IOException {
    tryRows(new EtcdServers(needEtcd()));
  }

  static EtcdTools needEtcd() throws IOException {
    Optional<EtcdTools> found = EtcdTools.find();
    assertTrue(found.isPresent() || !"true".equals(System.getenv("CI")), "CI has no etcd");
    assumeTrue(found.isPresent(), "no etcd and etcdctl on the PATH");
    System.out.println("etcd " + found.get().version());
    return found.get();
  }

  private void tryRows(Servers servers) throws IOException {
    int rows = 0;
    TestAuthority.Issued right = authority.issue("server", "server", "127.0.0.1");
    try (Listening open = servers.start("open", right, false)) {
      String address = open.address();
      fails("of no authority that is trusted", "https://" + address, "--cacert", stranger.cert());
      fails("of no authority that is trusted", "https://" + address);
      fails("https://", "http://" + address, "--cacert", authority.cert(), "--dial-timeout=2s");
      fails("https://", address, "--insecure-skip-tls-verify", "--dial-timeout=2s");
      rows += 4;
    }
    try (Listening closed = servers.start("closed", right, true)) {
      TestAuthority.Issued theirs = stranger.issue("theirs", "theirs", "client.test");
      Object[] trusting = {"--cacert", authority.cert()};
      fails("client certificate", closed.address(), trusting);
      fails(
          "client certificate",
          closed.address(),
          "--cacert",
          authority.cert(),
          "--cert",
          theirs.cert(),
          "--key",
          theirs.key());
      fails(
          "not the key of the certificate",
          closed.address(),
          "--cacert",
          authority.cert(),
          "--cert",
          client.cert(),
          "--key",
          theirs.key());
      rows += 3;
    }
    try (Listening old = servers.start("old", authority.issueExpired("old", "127.0.0.1"), false)) {
      fails("has expired", old.address(), "--cacert", authority.cert());
      rows++;
    }
    TestAuthority.Issued named = authority.issue("named", "named", "db.test");
    try (Listening other = servers.start("other", named, false)) {
      fails("for another name", other.address(), "--cacert", authority.cert());
      rows++;
    }
    try (Listening plain = servers.startPlain()) {
      fails("TLS", "https://" + plain.address(), "--dial-timeout=2s");
      fails("TLS", plain.address(), "--cacert", authority.cert(), "--dial-timeout=2s");
      rows += 2;
    }
    TestRun.report("rows refused", rows);
  }

  private void fails(String word, String endpoint, Object... flags) throws IOException {
    save(endpoint, flags).failed(6, word, endpoint.startsWith("http") ? "127.0.0.1" : "");
    assertNothingLeft();
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> names = Files.list(out.getParent())) {
      assertEquals(0, names.count());
    }
  }

  private Cli.Result save(String endpoint, Object... flags) {
    List<Object> words = new ArrayList<>(List.of("snapshot", "save", out, "--endpoints", endpoint));
    words.addAll(List.of(flags));
    if (List.of(flags).stream().noneMatch(each -> each.toString().startsWith("--dial-timeout"))) {
      words.add(PATIENCE);
    }
    return Cli.run(words.toArray());
  }

  /** Before any server is asked. */
  @Test
  void ofFiles() throws IOException {
    Path none = directory.resolve("none.pem");
    Path empty = Files.createFile(directory.resolve("empty.pem"));
    Path cut = directory.resolve("cut.pem");
    String whole = Files.readString(client.cert());
    Files.writeString(cut, whole.replaceFirst("\n[^\n]+\n", "\n"));
    String any = "https://127.0.0.1:1";
    save(any, "--cacert", none).failed(4, "none.pem: no such file");
    save(any, "--cert", none, "--key", none).failed(4, "none.pem: no such file");
    save(any, "--cert", client.cert(), "--key", none).failed(4, "none.pem: no such file");
    save(any, "--token-file", none).failed(4, "none.pem: no such file");
    save(any, "--cacert", directory).failed(1, directory.toString());
    save(any, "--cacert", empty).failed(3, "no certificate in it");
    save(any, "--cacert", client.key()).failed(3, "no certificate in it");
    save(any, "--cacert", cut).failed(3, "certificate 1 cannot be read");
    save(any, "--cert", client.cert(), "--key", client.cert()).failed(3, "no private key in it");
    save(any, "--token-file", empty).failed(3, "no token in its first line");
    save(any, "--cert", client.cert()).failed(2, "--cert and --key go together");
    save(any, "--key", client.key()).failed(2, "--cert and --key go together");
    assertNothingLeft();
    TestRun.report("rows refused", 12);
  }
}
