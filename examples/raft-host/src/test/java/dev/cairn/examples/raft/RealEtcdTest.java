package dev.cairn.examples.raft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.etcd.ClusterFlags;
import dev.cairn.etcd.EtcdHash;
import dev.cairn.etcd.NewCluster;
import dev.cairn.raft.MemberConfig;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real etcd and a host of ours on the same data directory, one after the other. */
class RealEtcdTest {
  private static final int PUTS = 260;

  @TempDir Path directory;

  @BeforeEach
  void find() {
    boolean there = Etcd.isThere();
    assertTrue(there || !"true".equals(System.getenv("CI")), "CI has no etcd");
    assumeTrue(there, "no etcd and etcdctl on the PATH");
  }

  private static MemberConfig config() {
    return MemberConfig.engine("bbolt")
        .withFirstStart(NewCluster.of(ClusterFlags.defaults()))
        .withSnapshotCount(100)
        .withCatchUpEntries(20);
  }

  private static long hashKv(RaftHost host) {
    return host.member().store().view(view -> Integer.toUnsignedLong(EtcdHash.hashKv(view, 0)));
  }

  private static void put(RaftHost host, int number, String value) {
    host.put("ours/%03d".formatted(number).getBytes(UTF_8), value.getBytes(UTF_8));
  }

  /** Ours, then etcd, then ours again, then etcd: each finds what the others wrote. */
  @Test
  void etcdServesWhatWeWroteAndWeWriteOn() throws Exception {
    Path data = directory.resolve("data");
    long hash;
    try (RaftHost host = new RaftHost(data, config())) {
      for (int i = 0; i < PUTS; i++) {
        put(host, i % 200, "value " + i);
      }
      assertTrue(host.member().log().snapshot().index() > 200);
      hash = hashKv(host);
    }
    try (Etcd etcd = Etcd.start(data)) {
      assertEquals(hash, etcd.hashKv());
      assertEquals("value 259\n", etcd.ask("get", "ours/059", "--print-value-only"));
      assertEquals("OK\n", etcd.ask("put", "theirs", "by etcd"));
    }
    try (RaftHost host = new RaftHost(data, config())) {
      assertEquals(201, host.keyCount());
      assertEquals("default", host.member().membership().members().get(0).name());
      for (int i = 0; i < PUTS; i++) {
        put(host, i, "again " + i);
      }
      hash = hashKv(host);
    }
    try (Etcd etcd = Etcd.start(data)) {
      assertEquals(hash, etcd.hashKv());
      assertEquals("by etcd\n", etcd.ask("get", "theirs", "--print-value-only"));
      assertEquals("again 59\n", etcd.ask("get", "ours/059", "--print-value-only"));
      assertEquals(1, etcd.ask("member", "list").lines().count());
    }
    TestRun.report("puts of a raft host that etcd served", 2L * PUTS);
  }

  /** What etcd had not committed to its database when it was killed is in its log. */
  @Test
  void weGoOnWithWhatAKilledEtcdLeft() throws Exception {
    int cycles = TestRun.count(2, 20);
    long replayed = 0;
    for (int cycle = 0; cycle < cycles; cycle++) {
      Path data = directory.resolve("killed-" + cycle);
      try (Etcd etcd = Etcd.start(data, "--snapshot-count", "100")) {
        for (int i = 0; i < PUTS + 7 * cycle; i++) {
          etcd.put("key/" + i % 150, "value " + i);
        }
        etcd.kill();
      }
      Path copy = copy(data, directory.resolve("copy-" + cycle));
      long ours;
      try (RaftHost host = new RaftHost(data, config())) {
        assertTrue(host.member().recovered().snapshot().index() > 100);
        replayed += host.member().recovered().replay().size();
        ours = hashKv(host);
        assertEquals(150, host.keyCount());
      }
      try (Etcd etcd = Etcd.start(copy)) {
        assertEquals(etcd.hashKv(), ours);
      }
      try (Etcd etcd = Etcd.start(data)) {
        assertEquals(etcd.hashKv(), ours);
      }
    }
    assertTrue(replayed > 0, "nothing was left in the logs to be replayed");
    TestRun.report("kill -9 of a real etcd that we went on from", cycles);
    TestRun.report("entries of a real etcd that we replayed", replayed);
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      tree.forEach(
          each -> {
            try {
              Files.copy(each, to.resolve(from.relativize(each).toString()));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
    return to;
  }
}
