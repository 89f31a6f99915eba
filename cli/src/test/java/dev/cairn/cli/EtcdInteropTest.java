package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole way with the real etcd and its tools, whichever of 3.4 to 3.7 is on the PATH. Skipped
 * where there is none, but not where CI says that there must be.
 */
class EtcdInteropTest {
  @TempDir Path directory;
  private EtcdTools tools;

  @BeforeEach
  void find() throws IOException {
    Optional<EtcdTools> found = EtcdTools.find();
    assertTrue(found.isPresent() || !"true".equals(System.getenv("CI")), "CI has no etcd");
    assumeTrue(found.isPresent(), "no etcd and etcdctl on the PATH");
    tools = found.get();
    System.out.println("etcd " + tools.version() + " with " + tools.snapshotTool());
  }

  /** fixture, into LMDB, served by us, saved by etcdctl: its numbers are those of the fixture. */
  @ParameterizedTest
  @EnumSource(Fixture.class)
  void etcdctlSavesFromUsWhatEtcdWrote(Fixture fixture) throws IOException {
    Path saved = saveByEtcdctl(fixture.unpack(directory));
    String json = status(saved);
    assertEquals(fixture.hash, EtcdTools.number(json, "hash"), json);
    assertEquals(fixture.revision, EtcdTools.number(json, "revision"), json);
    assertSameFigures(saved, json);
    long keys = countsEntries() ? fixture.totalKeys : fixture.liveKeys;
    assertEquals(keys, EtcdTools.number(json, "totalKey"), json);
    Cli.run("snapshot", "verify", saved, "--deep").ok();
  }

  /** etcdctl asks us what it asked the etcd that the fixture comes from. */
  @ParameterizedTest
  @EnumSource(
      value = Fixture.class,
      names = {"TINY", "RICH", "WAL"})
  void etcdctlAsksUsForStatusAndHashKv(Fixture fixture) throws IOException {
    Path store = directory.resolve("store.db");
    Cli.run("snapshot", "convert", fixture.unpack(directory), store, "--to", "lmdb").ok();
    try (Serving server = new Serving("--db", store)) {
      String hashKv = ask(server, "endpoint", "hashkv", "-w", "json");
      assertEquals(fixture.hashKv, EtcdTools.number(hashKv, "hash"));
      assertEquals(fixture.revision, EtcdTools.number(hashKv, "revision"));
      String status = ask(server, "endpoint", "status", "-w", "json");
      assertEquals(fixture.revision, EtcdTools.number(status, "revision"));
      assertTrue(EtcdTools.number(status, "raftAppliedIndex") > 0, status);
      assertTrue(status.contains("\"etcdserver: no leader\""), status);
      assertEquals(fixture == Fixture.RICH, status.contains("alarm:NOSPACE "), status);
    }
  }

  /** To 3.5 a key is any entry of any bucket; since 3.6 it is a key that a client can read. */
  private boolean countsEntries() {
    return tools.version().matches("3\\.[45]\\..*");
  }

  /** What their status says is what ours says, or from 3.6 on what ours says at more length. */
  private void assertSameFigures(Path file, String theirs) throws IOException {
    if (countsEntries()) {
      assertEquals(theirs, Cli.run("snapshot", "status", file, "-w", "json").ok().out());
      return;
    }
    String ours = Cli.run("snapshot", "status", file, "--verbose", "-w", "json").ok().out();
    for (String each : List.of("hash", "revision", "totalSize")) {
      assertEquals(EtcdTools.number(theirs, each), EtcdTools.number(ours, each), each);
    }
    assertEquals(EtcdTools.number(theirs, "totalKey"), EtcdTools.number(ours, "liveKeys"));
  }

  private String ask(Serving server, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("--endpoints", server.endpoint()));
    command.addAll(List.of(words));
    EtcdTools.Output output = tools.etcdctl(command.toArray(String[]::new));
    assertEquals(0, output.exitCode(), output.err());
    return output.out();
  }

  private Path saveByEtcdctl(Path fixture) throws IOException {
    Path store = directory.resolve("store.db");
    Path saved = directory.resolve("by-etcdctl.db");
    Cli.run("snapshot", "convert", fixture, store, "--to", "lmdb").ok();
    try (Serving server = new Serving("--db", store)) {
      EtcdTools.Output output =
          tools.etcdctl("--endpoints", server.endpoint(), "snapshot", "save", saved.toString());
      assertEquals(0, output.exitCode(), output.err());
    }
    return saved;
  }

  private String status(Path file) throws IOException {
    EtcdTools.Output output = tools.snapshot("status", file.toString(), "-w", "json");
    assertEquals(0, output.exitCode(), output.err());
    return output.out();
  }

  /** Side by side, byte for byte; from 3.6 on etcdutl prints a column more. */
  @ParameterizedTest
  @EnumSource(Fixture.class)
  void statusIsEtcdctlsInEveryFormat(Fixture fixture) throws IOException {
    assumeTrue(countsEntries(), "3.6 counts and prints otherwise");
    compareStatus(fixture.unpack(directory));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 40, 700, 9_000})
  void statusIsEtcdctlsForImagesOfAnySize(int keys) throws IOException {
    assumeTrue(countsEntries(), "3.6 counts and prints otherwise");
    Path store = directory.resolve("store.db");
    Path image = directory.resolve("image.db");
    Cli.run("load", "--db", store, "--keys", keys, "--value-bytes", 120).ok();
    Cli.run("snapshot", "save", image, "--db", store).ok();
    compareStatus(image);
  }

  private void compareStatus(Path file) throws IOException {
    for (Format format : Format.values()) {
      EtcdTools.Output theirs = tools.snapshot("status", file.toString(), "-w", format.text());
      assertEquals(0, theirs.exitCode(), theirs.err());
      assertEquals(
          theirs.out(),
          Cli.run("snapshot", "status", file, "-w", format.text()).ok().out(),
          format.text());
    }
  }

  /** What etcdctl saved from us, a real etcd restores and serves, every revision of every key. */
  @ParameterizedTest
  @EnumSource(
      value = Fixture.class,
      names = {"TINY", "RICH", "WAL"})
  void realEtcdServesWhatWeServed(Fixture fixture) throws IOException {
    Path saved = saveByEtcdctl(fixture.unpack(directory));
    Path dataDir = directory.resolve("etcd");
    EtcdTools.Output restored =
        tools.snapshot("restore", saved.toString(), "--data-dir", dataDir.toString());
    assertEquals(0, restored.exitCode(), restored.err());
    try (RealEtcd etcd = RealEtcd.start(tools, dataDir)) {
      String hash = ask(etcd, fixture, "endpoint", "hashkv", "-w", "json");
      assertEquals(fixture.hashKv, EtcdTools.number(hash, "hash"));
      String keys = ask(etcd, fixture, "get", "", "--prefix", "--keys-only", "-w", "json");
      assertEquals(fixture.revision, EtcdTools.number(keys, "revision"));
      assertEquals(fixture.liveKeys, EtcdTools.number(keys, "count"));
    }
  }

  private static String ask(RealEtcd etcd, Fixture fixture, String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of(fixture.user()));
    all.addAll(List.of(words));
    return etcd.ask(all.toArray(String[]::new));
  }

  /** From a real etcd, saved by us: the tools read it, and both sides agree on its numbers. */
  @Test
  void weSaveFromRealEtcd() throws IOException {
    Path saved = directory.resolve("saved.db");
    try (RealEtcd etcd = RealEtcd.start(tools, directory.resolve("etcd"))) {
      for (int i = 0; i < 20; i++) {
        etcd.ask("put", "key" + i, "value" + i);
      }
      Cli.run("snapshot", "save", saved, "--endpoint", etcd.endpoint()).ok();
      String dump = Cli.run("snapshot", "status", saved, "--verbose", "-w", "json").ok().out();
      assertEquals(20, EtcdTools.number(dump, "liveKeys"));
      assertEquals(21, EtcdTools.number(dump, "revision"));
    }
    assertSameFigures(saved, status(saved));
  }

  /** An etcd that has auth enabled says in its own words why it refuses. */
  @Test
  void etcdsOwnWordsReachTheUser() throws IOException {
    Path fixture = Fixture.RICH.unpack(directory);
    Path dataDir = directory.resolve("etcd");
    Path saved = directory.resolve("saved.db");
    assertEquals(
        0,
        tools.snapshot("restore", fixture.toString(), "--data-dir", dataDir.toString()).exitCode());
    try (RealEtcd etcd = RealEtcd.start(tools, dataDir)) {
      Cli.run("snapshot", "save", saved, "--endpoint", etcd.endpoint())
          .failed(6, "user name is empty");
    }
    assertFalse(Files.exists(saved) || Files.exists(directory.resolve("saved.db.part")));
  }

  /** etcdctl replaces nothing of ours: a restored etcd database is what etcdctl takes for one. */
  @Test
  void etcdctlReadsWhatWeRestored() throws IOException {
    Path fixture = Fixture.RICH.unpack(directory);
    Path dataDir = directory.resolve("ours");
    Cli.run("snapshot", "restore", fixture, "--data-dir", dataDir, "--as-is").ok();
    String json = status(dataDir.resolve("member/snap/db"));
    assertEquals(Fixture.RICH.hash, EtcdTools.number(json, "hash"), json);
  }
}
