package dev.cairn.examples.raft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.etcd.proto.KeyValue;
import dev.cairn.raft.MemberConfig;
import dev.cairn.raft.RaftMember;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.TestRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGKILL at random moments of a host, on every engine: what was acknowledged is there. */
class RaftHostKillTest {
  private static final long SEED = TestRun.seed(RaftHostKillTest.class);
  private static final int ENTRIES_PER_SNAPSHOT = 150;
  private static final int KEYS_MAX = 1_000_000;
  private static final int LIFE_MILLIS_MAX = 400;
  private static final int ACKNOWLEDGED_MAX = 600;
  private static final int AT_ONCE = 8;
  private static final int SNAPSHOT_CYCLES_MAX = 30;
  private static final long HANG_SECONDS = 300;

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private long last = -1;
  private long snapshots;

  @ParameterizedTest
  @ValueSource(strings = {"lmdb", "mapdb", "h2", "bbolt"})
  void nothingAcknowledgedIsLost(String engine) throws Exception {
    int cycles = TestRun.count(5, 200);
    Path data = directory.resolve("data");
    for (int cycle = 0; cycle < cycles; cycle++) {
      verify(engine, data, runAndKill(engine, data, cycle % 2 == 0));
    }
    // A few short lives may end before the first snapshot.
    for (int more = 0; snapshots == 0 && more < SNAPSHOT_CYCLES_MAX; more++) {
      verify(engine, data, runAndKill(engine, data, true));
    }
    assertTrue(last > cycles, last + " keys");
    assertTrue(snapshots > 0, "no snapshot was made");
    TestRun.report("kill -9 cycles of a raft host on " + engine, cycles);
    TestRun.report("keys of a raft host on " + engine + " under kill -9", last + 1);
  }

  private static Process start(String engine, Path data, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(each -> each.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(RaftHost.class.getName(), data.toString(), engine));
    command.addAll(List.of(Integer.toString(ENTRIES_PER_SNAPSHOT), Integer.toString(KEYS_MAX)));
    command.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(command);
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Half the kills come after so many acknowledgements, half after so long from the start on. */
  private long runAndKill(String engine, Path data, boolean counts) throws Exception {
    Process child = start(engine, data);
    try {
      AtomicLong acknowledged = new AtomicLong(last);
      CompletableFuture<Void> reading = read(child, acknowledged);
      if (counts) {
        long enough = last + 1 + random.nextInt(ACKNOWLEDGED_MAX);
        while (acknowledged.get() < enough && !reading.isDone()) {
          Thread.sleep(0, 200_000);
        }
      } else {
        Thread.sleep(LIFE_MILLIS_MAX / 2 + random.nextInt(LIFE_MILLIS_MAX * 2));
      }
      assertTrue(!reading.isDone(), "the host ended by itself; its stderr says why");
      child.toHandle().destroyForcibly();
      assertTrue(child.waitFor(HANG_SECONDS, TimeUnit.SECONDS));
      reading.get(HANG_SECONDS, TimeUnit.SECONDS);
      return acknowledged.get();
    } finally {
      child.destroyForcibly();
    }
  }

  private static CompletableFuture<Void> read(Process child, AtomicLong acknowledged) {
    BufferedReader out = child.inputReader();
    return CompletableFuture.runAsync(
        () -> {
          try {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
              if (line.endsWith(".")) {
                String number = line.substring(line.lastIndexOf(' ') + 1, line.length() - 1);
                acknowledged.set(Long.parseLong(number));
              }
            }
          } catch (IOException killed) {
            // Its pipe broke.
          }
        });
  }

  private void verify(String engine, Path data, long acknowledged) throws IOException {
    if (!Files.exists(data.resolve("member"))) {
      assertEquals(-1, acknowledged);
      return;
    }
    try (RaftHost host = new RaftHost(data, MemberConfig.engine(engine))) {
      RaftMember member = host.member();
      snapshots = member.recovered().snapshot().index() > 1 ? snapshots + 1 : snapshots;
      assertTrue(member.recovered().snapshot().index() <= member.recovered().appliedIndex());
      assertTrue(member.log().firstIndex() <= member.recovered().appliedIndex() + 1);
      last = checkKeys(member);
      assertEquals(host.keyCount(), last + 1);
    }
    long found = last;
    assertTrue(found >= acknowledged, () -> found + " of " + acknowledged + " keys");
    assertTrue(found <= acknowledged + AT_ONCE, () -> found + " of " + acknowledged + " keys");
  }

  /** From 0 on, each as it was put. */
  private static long checkKeys(RaftMember member) throws IOException {
    long number = -1;
    try (ReadView view = member.store().openView();
        Cursor cursor = view.openCursor(Bucket.named("key"))) {
      while (cursor.next()) {
        number++;
        KeyValue entry = KeyValue.parseFrom(cursor.value());
        assertEquals(RaftHost.key(number), entry.getKey().toString(UTF_8));
        assertEquals(RaftHost.value(number), entry.getValue().toString(UTF_8));
        assertEquals(number + 2, entry.getModRevision());
      }
    }
    return number;
  }

  @Test
  void aHostThatDiesByItselfComesBack() throws Exception {
    Path data = directory.resolve("data");
    for (int life = 0; life < 2; life++) {
      AtomicLong acknowledged = new AtomicLong(last);
      Process child = start("bbolt", data, Integer.toString(LIFE_MILLIS_MAX * 8));
      CompletableFuture<Void> reading = read(child, acknowledged);
      assertEquals(137, child.waitFor());
      reading.get(HANG_SECONDS, TimeUnit.SECONDS);
      verify("bbolt", data, acknowledged.get());
    }
  }
}
