package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of real etcds that ask who is there; etcdctl says the same of the files. */
@Timeout(600)
class SecuredEtcdTest {
  private static final String PATIENCE = "--dial-timeout=60s";

  @TempDir Path directory;
  private EtcdTools tools;
  private Path out;

  @BeforeEach
  void find() throws IOException {
    tools = TlsRowsTest.needEtcd();
    out = directory.resolve("saved.db");
  }

  @Test
  void byCertificate() throws IOException {
    TestAuthority authority = new TestAuthority(directory, "authority");
    TestAuthority.Issued server = authority.issue("server", "server", "127.0.0.1");
    TestAuthority.Issued client = authority.issue("client", "client", "client.test");
    List<String> shown =
        List.of("--cacert=" + authority.cert(), "--cert=" + client.cert(), "--key=" + client.key());
    try (SecuredEtcd etcd =
        SecuredEtcd.start(
            tools,
            directory.resolve("etcd"),
            "https",
            shown,
            "--client-cert-auth",
            "--trusted-ca-file=" + authority.cert(),
            "--cert-file=" + server.cert(),
            "--key-file=" + server.key())) {
      fill(etcd);
      save(etcd.endpoint(), shown).ok();
      assertSaved();
      save(etcd.endpoint().replace("https://", ""), shown).ok();
      assertSaved();
    }
  }

  @Test
  void byUser() throws IOException {
    try (SecuredEtcd etcd =
        SecuredEtcd.start(tools, directory.resolve("etcd"), "http", List.of())) {
      fill(etcd);
      save(etcd.endpoint(), List.of("--user=root:pass word")).ok();
      etcd.tell("user", "add", "root:pass word");
      etcd.tell("user", "add", "guest:guest");
      etcd.tell("role", "add", "root");
      etcd.tell("user", "grant-role", "root", "root");
      etcd.tell("auth", "enable");
      save(etcd.endpoint(), List.of("--user=root:pass word")).ok();
      assertSaved();
      save(etcd.endpoint(), List.of("--user=root", "--password=pass word")).ok();
      assertSaved();
      Files.delete(out);
      refused(etcd, "user name is empty");
      refused(etcd, "authentication failed", "--user=root:secret-of-nobody");
      refused(etcd, "authentication failed", "--user=nobody:secret-of-nobody");
      refused(etcd, "permission denied", "--user=guest:guest");
    }
  }

  private void refused(SecuredEtcd etcd, String word, String... flags) {
    Cli.Result result = save(etcd.endpoint(), List.of(flags)).failed(6, word);
    assertFalse(result.err().contains("secret-of-nobody"), result.err());
    assertFalse(Files.exists(out));
  }

  private static void fill(SecuredEtcd etcd) throws IOException {
    for (int i = 0; i < 20; i++) {
      etcd.tell("put", "key" + i, "value" + i);
    }
  }

  private Cli.Result save(String endpoint, List<String> flags) {
    List<Object> words = new ArrayList<>(List.of("snapshot", "save", out, "--endpoints", endpoint));
    words.addAll(flags);
    words.add(PATIENCE);
    return Cli.run(words.toArray());
  }

  /** Whole by our own check, and with the figures that etcd's tool finds. */
  private void assertSaved() throws IOException {
    Cli.run("snapshot", "verify", out, "--deep").ok();
    EtcdTools.Output theirs = tools.snapshot("status", out.toString(), "-w", "json");
    assertEquals(0, theirs.exitCode(), theirs.err());
    String ours = Cli.run("snapshot", "status", out, "--verbose", "-w", "json").ok().out();
    for (String each : List.of("hash", "revision", "totalSize")) {
      assertEquals(EtcdTools.number(theirs.out(), each), EtcdTools.number(ours, each), each);
    }
    assertEquals(20, EtcdTools.number(ours, "liveKeys"));
  }
}
