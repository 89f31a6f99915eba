package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.BboltContents.Verdict;
import dev.cairn.snapshot.DamagedRestore.Target;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Etcd images of many shapes, damaged in many ways under a new hash, restored in a JVM with a heap
 * of 64 MiB: each restore ends, in a typed refusal that leaves nothing or in a store with what
 * bbolt itself reads from the damaged file.
 */
@Timeout(3_600)
class RestoreDamageRandomTest {
  private static final long SEED = TestRun.seed(RestoreDamageRandomTest.class);
  private static final int BATCH = 200;
  private static final String RESTORED = "restored";
  private static final String COUNT = "count";

  @TempDir Path directory;

  private final DamageShapes shapes = new DamageShapes();
  private final List<Integer> restored = new ArrayList<>();
  private final List<String> hashes = new ArrayList<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private long judged;

  @Test
  void anyDamageIsRefusedOrReadAsBboltReadsIt() throws Exception {
    int cases = TestRun.count(3_000, 100_000);
    BboltContents judge = BboltContents.in(directory);
    Process child = child(cases);
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        hear(line);
        if (restored.size() == BATCH) {
          judge(judge);
        }
      }
      judge(judge);
      assertTrue(child.waitFor(10, TimeUnit.MINUTES));
      assertEquals(
          0, child.exitValue(), "the child names the case; seed " + Long.toHexString(SEED));
    } finally {
      child.destroyForcibly();
    }
    assertEquals(cases, counts.values().stream().mapToLong(Long::longValue).sum());
    counts.forEach((what, count) -> TestRun.report("damaged etcd images, " + what, count));
    TestRun.report("damaged etcd images compared with what bbolt reads", judged);
    assertTrue(judged > 0 && counts.get("refused as CORRUPT") > cases / 4, counts.toString());
  }

  private Process child(int cases) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(each -> each.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    command.addAll(List.of(Long.toString(SEED), Integer.toString(cases)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private void hear(String line) {
    String[] words = line.split(" ", 3);
    if (words[0].equals(RESTORED)) {
      restored.add(Integer.valueOf(words[1]));
      hashes.add(words[2]);
    } else if (words[0].equals(COUNT)) {
      counts.put(words[2], Long.valueOf(words[1]));
    } else {
      System.out.println(line);
    }
  }

  private void judge(BboltContents judge) {
    List<byte[]> files = restored.stream().map(each -> shapes.damaged(SEED, each)).toList();
    List<Verdict> verdicts = judge.hashes(files);
    for (int i = 0; i < files.size(); i++) {
      Verdict verdict = verdicts.get(i);
      String what = "case " + restored.get(i) + " of seed " + Long.toHexString(SEED);
      assertEquals(hashes.get(i), verdict.hash(), what + ": " + verdict.failure());
    }
    judged += files.size();
    restored.clear();
    hashes.clear();
  }

  /** What runs in the second JVM. */
  static final class Child {
    private static final long PATIENCE_SECONDS = 600;

    private final DamageShapes shapes = new DamageShapes();
    private final Map<Code, Integer> refusals = new EnumMap<>(Code.class);
    private final long seed;
    private volatile int number;
    private volatile long startedNanos = System.nanoTime();
    private int restored;

    private Child(long seed) {
      this.seed = seed;
    }

    public static void main(String[] arguments) {
      Child child = new Child(Long.parseLong(arguments[0]));
      child.watch(Thread.currentThread());
      child.run(Integer.parseInt(arguments[1]));
    }

    private void run(int cases) {
      try {
        for (int i = 0; i < cases; i++) {
          number = i;
          startedNanos = System.nanoTime();
          restore(shapes.damaged(seed, i), i);
        }
      } catch (Throwable e) {
        System.err.println("case " + number + " of seed " + Long.toHexString(seed) + ": " + e);
        e.printStackTrace();
        Runtime.getRuntime().halt(1);
      }
      System.out.println(COUNT + " " + restored + " restored");
      refusals.forEach(
          (code, count) -> System.out.println(COUNT + " " + count + " refused as " + code));
    }

    private void restore(byte[] file, int i) {
      SplittableRandom random = new SplittableRandom(~(seed + i));
      Target target = Target.values()[random.nextInt(Target.values().length)];
      boolean hashed = Sha256.follows(file.length);
      DamagedRestore restore = DamagedRestore.of(file, target, !hashed || random.nextInt(8) == 0);
      if (restore.refusal() != null) {
        refusals.merge(restore.refusal().code(), 1, Integer::sum);
        return;
      }
      restored++;
      if (!target.isMember()) {
        System.out.println(RESTORED + " " + i + " " + restore.result().sourceHash());
      }
    }

    /** Ends the process when a restore does not end. */
    private void watch(Thread worker) {
      Thread watchdog =
          new Thread(
              () -> {
                while (System.nanoTime() - startedNanos
                    < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                  sleep();
                }
                System.err.println(
                    "case "
                        + number
                        + " of seed "
                        + Long.toHexString(seed)
                        + " does not end: "
                        + Arrays.toString(worker.getStackTrace()));
                Runtime.getRuntime().halt(2);
              });
      watchdog.setDaemon(true);
      watchdog.start();
    }

    private static void sleep() {
      try {
        Thread.sleep(1_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
