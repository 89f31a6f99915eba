package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.spi.StorageException;
import dev.cairn.testkit.TestRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL at random moments of a JVM in which 16 threads append to one log, with cuts, notes of
 * snapshots, releases and purges: every entry that was told to be durable is there, in order.
 */
class WalKillTest {
  private static final long SEED = TestRun.seed(WalKillTest.class);
  private static final WalMetadata METADATA = new WalMetadata(1, 2);
  private static final WalOptions OPTIONS = WalOptions.defaults().withSegmentBytes(200_000);
  private static final int APPENDERS = 16;
  private static final int SNAPSHOT_ENTRIES = 400;
  private static final int ACKNOWLEDGED_MAX = 900;
  private static final int DELAY_MILLIS_MAX = 300;
  private static final long HANG_SECONDS = 300;

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private long last;

  private static Entry entry(long index) {
    byte[] data = new byte[(int) (index * 7919 % 900)];
    new SplittableRandom(index).nextBytes(data);
    return new Entry(EntryType.NORMAL, 1, index, data);
  }

  @Test
  void noAcknowledgedEntryIsLost() throws Exception {
    int cycles = TestRun.count(20, 200);
    Path log = directory.resolve("wal");
    for (int cycle = 0; cycle < cycles; cycle++) {
      verify(log, runAndKill(log, cycle % 2 == 0));
    }
    assertTrue(last > cycles, last + " entries");
    TestRun.report("kill -9 cycles of a log with 16 appenders", cycles);
    TestRun.report("entries under kill -9", last);
    int segments = SegmentName.list(LocalDisk.INSTANCE, log).size();
    assertTrue(segments < 5 + last / 1000, () -> segments + " segments: nothing is purged");
  }

  /** Half the kills come after so many acknowledgements, half after so long. */
  private long runAndKill(Path log, boolean counts) throws Exception {
    Process child = start(log);
    try {
      AtomicLong acknowledged = new AtomicLong(last);
      BufferedReader out = child.inputReader();
      String ready = out.readLine();
      assertEquals("ready", ready);
      CompletableFuture<Void> reading =
          CompletableFuture.runAsync(() -> readNumbers(out, acknowledged));
      child.getOutputStream().write('\n');
      child.getOutputStream().flush();
      if (counts) {
        long enough = last + 1 + random.nextInt(ACKNOWLEDGED_MAX);
        while (acknowledged.get() < enough && !reading.isDone()) {
          Thread.sleep(0, 200_000);
        }
      } else {
        Thread.sleep(random.nextInt(DELAY_MILLIS_MAX));
      }
      assertTrue(!reading.isDone(), "the second JVM ended by itself; its stderr says why");
      child.toHandle().destroyForcibly();
      assertTrue(child.waitFor(HANG_SECONDS, TimeUnit.SECONDS));
      reading.get(HANG_SECONDS, TimeUnit.SECONDS);
      return acknowledged.get();
    } finally {
      child.destroyForcibly();
    }
  }

  private static Process start(Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(each -> each.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(Child.class.getName(), log.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void readNumbers(BufferedReader out, AtomicLong acknowledged) {
    try {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.endsWith(".")) {
          long number = Long.parseLong(line.substring(0, line.length() - 1));
          acknowledged.accumulateAndGet(number, Math::max);
        }
      }
    } catch (IOException killed) {
      // Its pipe broke.
    }
  }

  private void verify(Path log, long acknowledged) {
    if (!Files.exists(log)) {
      assertEquals(0, acknowledged);
      return;
    }
    SnapshotNote from = oldest(log);
    WalContent content = Wal.read(LocalDisk.INSTANCE, log, from);
    long index = from.index();
    for (Entry entry : content.entries()) {
      assertEquals(++index, entry.index());
      assertArrayEquals(entry(index).data(), entry.data());
    }
    long found = Math.max(index, from.index());
    assertTrue(found >= acknowledged, () -> found + " of " + acknowledged + " entries");
    last = found;
  }

  /** Behind which all entries that are left can be read. */
  private static SnapshotNote oldest(Path log) {
    Path first = SegmentName.list(LocalDisk.INSTANCE, log).get(0);
    long index = SegmentName.of(first).orElseThrow().index();
    return Wal.validSnapshots(LocalDisk.INSTANCE, log).stream()
        .filter(note -> note.index() >= index)
        .findFirst()
        .orElseThrow();
  }

  /** What runs in the second JVM. */
  static final class Child {
    private final Path log;
    private final Wal wal;
    private final Object notes = new Object();
    private long next;
    private long noted;

    private Child(Path log, Wal wal, long next) {
      this.log = log;
      this.wal = wal;
      this.next = next;
    }

    /** Begins at a line; tells each entry that is durable, with a point that ends a whole line. */
    public static void main(String[] arguments) throws IOException {
      Path log = Path.of(arguments[0]);
      System.out.println("ready");
      if (System.in.read() >= 0) {
        open(log).run();
      }
    }

    private static Child open(Path log) {
      if (!Files.exists(log)) {
        return new Child(log, Wal.create(LocalDisk.INSTANCE, log, METADATA, OPTIONS), 1);
      }
      try {
        return reopen(log);
      } catch (StorageException torn) {
        Wal.repair(LocalDisk.INSTANCE, log);
        return reopen(log);
      }
    }

    private static Child reopen(Path log) {
      List<SnapshotNote> notes = Wal.validSnapshots(LocalDisk.INSTANCE, log);
      SnapshotNote from = notes.get(notes.size() - 1);
      Wal wal = Wal.open(LocalDisk.INSTANCE, log, from, OPTIONS);
      long[] last = {from.index()};
      try {
        wal.readAll(entry -> last[0] = entry.index());
        return new Child(log, wal, last[0] + 1);
      } catch (StorageException torn) {
        wal.close();
        throw torn;
      }
    }

    private void run() {
      for (int i = 0; i < APPENDERS; i++) {
        new Thread(this::appendForEver).start();
      }
    }

    private void appendForEver() {
      while (true) {
        long index;
        long mark;
        synchronized (this) {
          index = next++;
          mark = wal.append(HardState.EMPTY, List.of(entry(index)));
        }
        wal.sync(mark);
        System.out.println(index + ".");
        if (index % SNAPSHOT_ENTRIES == 0) {
          noteSnapshot(index);
        }
      }
    }

    /** In order: who comes late must not commit less again than is left of the log. */
    private void noteSnapshot(long index) {
      synchronized (notes) {
        if (index < noted) {
          return;
        }
        noted = index;
        wal.save(new HardState(1, 1, index), List.of());
        wal.saveSnapshot(new SnapshotNote(index, 1, Optional.empty()));
        wal.release(Math.max(0, index - SNAPSHOT_ENTRIES));
        Wal.purge(LocalDisk.INSTANCE, log, 3);
      }
    }
  }
}
