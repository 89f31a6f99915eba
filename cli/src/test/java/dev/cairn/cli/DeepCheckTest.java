package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code verify --deep} and {@code check} say of contents that are well formed as files. */
class DeepCheckTest {
  private static final String ALARM =
      "bucket alarm, key 0x08b29582818bd0b2b5481001: alarm NOSPACE of member 486aca80b0208ab2 is"
          + " active; a server on this content refuses writes until it is disarmed";

  @TempDir Path directory;

  @Test
  void anAlarmIsANoteForPeopleAndForPrograms() throws IOException {
    Path file = Fixture.RICH.unpack(directory);
    List<String> lines = Cli.run("snapshot", "verify", file, "--deep").ok().out().lines().toList();
    assertTrue(lines.get(0).startsWith("etcd, 2.8 MB, "), lines.get(0));
    assertEquals(List.of("note: " + ALARM), lines.subList(1, lines.size()));
    String json = Cli.run("snapshot", "verify", file, "--deep", "-w", "json").ok().out();
    assertTrue(json.endsWith(",\"notes\":[\"" + ALARM + "\"],\"deep\":true}\n"), json);
    String fields = Cli.run("check", "--db", file, "-w", "fields").ok().out();
    assertTrue(fields.endsWith("\"Notes\" : [\"" + ALARM + "\"]\n"), fields);
    assertEquals(
        "etcd, 10, 3443\nnote: " + ALARM + "\n", Cli.run("check", "--db", file).ok().out());
    assertFalse(Cli.run("snapshot", "verify", file).ok().out().contains("note"));
  }

  /** The same whatever engine holds the content, in a store and in both images of it. */
  @ParameterizedTest
  @ValueSource(strings = {"store", "native", "etcd"})
  void findingsNameBucketAndKeyOnEveryEngine(String what) throws IOException {
    Path store = directory.resolve("store.db");
    Cli.run("load", "--db", store, "--keys", 20).ok();
    Cli.run("put", "--db", store, "lease", "abcdefgh", "no lease").ok();
    Cli.run("put", "--db", store, "members", "1a", "{}").ok();
    Cli.run("del", "--db", store, "meta", "consistent_index").ok();
    Path file = store;
    if (!what.equals("store")) {
      file = directory.resolve("saved.db");
      Cli.run("snapshot", "save", file, "--db", store, "--format", what).ok();
      Cli.run("snapshot", "verify", file).ok();
    }
    Cli.Result result =
        what.equals("store")
            ? Cli.run("check", "--db", file)
            : Cli.run("snapshot", "verify", file, "--deep");
    result.failed(3, file.getFileName().toString(), "3 findings, the first: bucket lease");
    assertEquals(
        """
        bucket lease, key "abcdefgh": its value is no Lease
        bucket members, key "1a": is the member of another id
        bucket meta: has no consistent_index
        """,
        result.out());
  }

  @Test
  void contentThatIsNotEtcdsIsCheckedForOrderAlone() {
    Path store = directory.resolve("raw.db");
    Cli.run("load", "--db", store, "--keys", 7, "--raw", "pairs").ok();
    String out = Cli.run("check", "--db", store).ok().out();
    assertEquals(
        "lmdb, 1, 7\nnote: the content is not etcd's; only the order of its keys was checked\n",
        out);
  }

  @Test
  void aMissingHashIsNoNote() throws IOException {
    Path file = Fixture.WAL.unpack(directory);
    Cli.run("snapshot", "verify", file, "--deep").failed(3, "has no SHA-256");
    assertEquals("etcd, 10, 311\n", Cli.run("check", "--db", file).ok().out());
  }
}
