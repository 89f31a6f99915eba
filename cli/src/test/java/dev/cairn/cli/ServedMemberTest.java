package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A real etcd is asked who it is and what it holds, and stopped; then its data directory is served
 * by us, from a store of each engine, and etcdctl is told the same.
 */
class ServedMemberTest {
  private static final List<String> SAME =
      List.of("cluster_id", "member_id", "revision", "raft_term", "leader", "raftTerm");

  @TempDir Path directory;
  private EtcdTools tools;

  @BeforeEach
  void find() throws IOException {
    Optional<EtcdTools> found = EtcdTools.find();
    assertTrue(found.isPresent() || !"true".equals(System.getenv("CI")), "CI has no etcd");
    assumeTrue(found.isPresent(), "no etcd and etcdctl on the PATH");
    tools = found.get();
  }

  /** What etcdctl was told. */
  private record Told(Map<String, String> status, String errors, String hashKv, String older) {}

  @ParameterizedTest
  @CsvSource({
    "TINY, lmdb", "TINY, mapdb", "TINY, h2", "TINY, bbolt",
    "RICH, lmdb", "RICH, mapdb", "RICH, h2", "RICH, bbolt",
    "WAL, lmdb", "WAL, mapdb", "WAL, h2", "WAL, bbolt"
  })
  void etcdctlIsToldWhatTheRealOneTold(Fixture fixture, String engine) throws IOException {
    Path data = directory.resolve("data");
    Cli.run("snapshot", "restore", fixture.unpack(directory), "--data-dir", data, skip(fixture))
        .ok();
    Told real;
    try (RealEtcd etcd = RealEtcd.start(tools, data)) {
      etcd.ask(with(fixture, "alarm", "disarm"));
      for (int i = 0; i < 20; i++) {
        etcd.ask(with(fixture, "put", "key" + i % 7, "value" + i));
      }
      etcd.ask(with(fixture, "del", "key3"));
      real = ask(fixture, etcd.endpoint(), fixture.user());
    }
    changeEngine(data.resolve("member/snap/db"), engine);
    try (Serving ours = new Serving("--data-dir", data)) {
      assertEquals(real, ask(fixture, ours.endpoint()));
    }
    assertTrue(real.status().get("raft_term").matches("[2-9]"), real::toString);
  }

  private static String skip(Fixture fixture) {
    return "--skip-hash-check=" + !fixture.hasHash;
  }

  private void changeEngine(Path db, String engine) throws IOException {
    Path etcds = directory.resolve("etcds.db");
    Files.move(db, etcds);
    Cli.run("snapshot", "convert", etcds, db, "--to", engine).ok();
  }

  private static String[] with(Fixture fixture, String... words) {
    List<String> all = new ArrayList<>(List.of(fixture.user()));
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }

  private Told ask(Fixture fixture, String endpoint, String... user) throws IOException {
    String status = etcdctl(endpoint, user, "endpoint", "status", "-w", "json");
    Map<String, String> fields = new TreeMap<>();
    for (String each : SAME) {
      fields.put(each, field(status, "\"" + each + "\":(\\d+)"));
    }
    String older = Long.toString(fixture.revision);
    return new Told(
        fields,
        field(status, "\"errors\":(\\[[^]]*])"),
        hashKv(endpoint, user, "0"),
        hashKv(endpoint, user, older));
  }

  /** The hash and the compacted revision, not the time or the endpoint. */
  private String hashKv(String endpoint, String[] user, String revision) throws IOException {
    String json = etcdctl(endpoint, user, "endpoint", "hashkv", "--rev", revision, "-w", "json");
    return field(json, "\"hash\":(\\d+)") + " " + field(json, "\"compact_revision\":(-?\\d+)");
  }

  /** The first group, or a dash where the field is left out. */
  private static String field(String json, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(json);
    return matcher.find() ? matcher.group(1) : "-";
  }

  private String etcdctl(String endpoint, String[] user, String... words) throws IOException {
    List<String> command = new ArrayList<>(EtcdCluster.PATIENCE);
    command.addAll(List.of("--endpoints", endpoint));
    command.addAll(List.of(user));
    command.addAll(List.of(words));
    EtcdTools.Output output = tools.etcdctl(command.toArray(String[]::new));
    assertEquals(0, output.exitCode(), output.err());
    return output.out();
  }
}
