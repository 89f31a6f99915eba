package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.testkit.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the real etcdctl complained of, word for word, with the exit codes of our own table. */
class EtcdctlErrorsTest {
  @TempDir Path directory;
  private final FreePort nobody = FreePort.hold();

  @AfterEach
  void letGo() {
    nobody.close();
  }

  /** A command line of etcdctl's and what it said behind "Error: ", as they were recorded. */
  private record Recorded(String words, String error) {
    static Recorded of(String name) throws IOException {
      try (InputStream in =
          EtcdctlErrorsTest.class.getResourceAsStream("/etcd/errors/" + name + ".txt")) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        String words = text.lines().findFirst().orElseThrow().substring("$ etcdctl ".length());
        String error = text.lines().filter(line -> line.startsWith("Error: ")).findFirst().get();
        return new Recorded(words, error);
      }
    }

    Recorded replaced(String from, String to) {
      return new Recorded(words.replace(from, to), error.replace(from, to));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "status-no-args, 2",
    "status-missing-file, 4",
    "save-no-args, 2",
    "save-multiple-endpoints, 2",
    "save-unwritable-dir, 4",
    "save-no-server, 6"
  })
  void saysWhatEtcdctlSaid(String name, int exitCode) throws IOException {
    String here = directory + "/";
    Recorded recorded =
        Recorded.of(name)
            .replaced("nofile.db", here + "nofile.db")
            .replaced("nodir/", here + "nodir/")
            .replaced(" y.db", " " + here + "y.db")
            .replaced("42954", String.valueOf(nobody.number()));
    Map<String, String> before = Trees.of(directory);
    Cli.Result result = Cli.run((Object[]) recorded.words().split(" "));
    assertEquals(recorded.error() + "\n", result.err());
    assertEquals(exitCode, result.exitCode());
    assertEquals("", result.out());
    assertEquals(before, Trees.of(directory));
  }

  /** An empty data directory is taken, as etcd takes it from 3.5 on: it may be a mount point. */
  @ParameterizedTest
  @CsvSource({
    "restore-no-args, 2",
    "restore-advertise-mismatch, 1",
    "restore-bad-url-scheme, 1",
    "restore-url-without-port, 1",
    "restore-url-with-path, 1",
    "restore-duplicate-url, 1",
    "restore-empty-initial-cluster, 1",
    "restore-name-not-in-cluster, 1",
    "restore-missing-file, 4",
    "restore-data-dir-exists, 5",
    "restore-wal-dir-exists, 5"
  })
  void restoreSaysWhatEtcdctlSaid(String name, int exitCode) throws IOException {
    Path snapshot = Fixture.TINY.unpack(directory);
    Files.createDirectories(directory.resolve("exists/something"));
    Files.createDirectory(directory.resolve("walexists"));
    String here = directory + "/";
    Recorded recorded =
        Recorded.of(name)
            .replaced(" snapshot.db", " " + snapshot)
            .replaced("nofile.db", here + "nofile.db")
            .replaced("-dir \"", "-dir \"" + here)
            .replaced("-dir ", "-dir " + here)
            .replaced("-dir " + here + "\"", "-dir \"");
    Map<String, String> before = Trees.of(directory);
    Cli.Result result = Cli.run((Object[]) recorded.words().split(" ", -1));
    assertEquals(recorded.error() + "\n", result.err());
    assertEquals(exitCode, result.exitCode());
    assertEquals(before, Trees.of(directory));
  }

  @Test
  void aMovedRevisionNeedsItsMark() throws IOException {
    Path snapshot = Fixture.TINY.unpack(directory);
    for (String alone : new String[] {"--bump-revision=7", "--mark-compacted"}) {
      Cli.run("snapshot", "restore", snapshot, "--data-dir", directory.resolve("d"), alone)
          .failed(2, "--mark-compacted required if --revision-bump > 0");
    }
  }

  @Test
  void oneArgumentTooManyIsTheSameComplaint() {
    Cli.run("snapshot", "status", "a", "b").failed(2, "requires exactly one argument\n");
    Cli.run("snapshot", "save", "a", "b", "--db", "c").failed(2, "save expects one argument\n");
    Cli.run("snapshot", "status", "a", "--bogus").failed(2, "--bogus", "see cairn");
  }

  /** Without a limit of its own a save says which server it could not reach. */
  @Test
  void aServerThatIsNotThereIsNamed() throws IOException {
    String endpoint = nobody.address();
    Path out = directory.resolve("out.db");
    Cli.Result result =
        Cli.run("snapshot", "save", out, "--endpoint", endpoint, "--dial-timeout", "200ms");
    assertTrue(result.failed(6, endpoint).err().startsWith("Error: " + endpoint), result.err());
  }
}
