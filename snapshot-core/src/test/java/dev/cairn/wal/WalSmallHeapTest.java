package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.io.LocalDisk;
import dev.cairn.testkit.TestRun;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log some times as large as the heap of the JVM that writes, verifies and replays it. */
class WalSmallHeapTest {
  private static final int ENTRY_BYTES = 1_000_000;

  @TempDir Path directory;

  @Test
  void aLogIsReplayedWithLittleHeap() throws Exception {
    int megabytes = TestRun.count(100, 1_000);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(each -> each.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx24m", "-XX:MaxDirectMemorySize=8m", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Child.class.getName());
    command.add(directory.resolve("wal").toString());
    command.add(Integer.toString(megabytes));
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    TestRun.report("MB of a log replayed with a heap of 24 MiB", megabytes);
  }

  /** What runs in the second JVM. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      Path log = Path.of(arguments[0]);
      int entries = Integer.parseInt(arguments[1]);
      WalMetadata metadata = new WalMetadata(1, 2);
      WalOptions options = WalOptions.defaults();
      try (Wal wal = Wal.create(LocalDisk.INSTANCE, log, metadata, options)) {
        for (int i = 1; i <= entries; i++) {
          Entry entry = new Entry(EntryType.NORMAL, 1, i, new byte[ENTRY_BYTES]);
          wal.append(new HardState(1, 1, i), List.of(entry));
        }
      }
      check(Wal.verify(LocalDisk.INSTANCE, log, SnapshotNote.NONE).hardState().commit() == entries);
      long[] last = {0};
      try (Wal wal = Wal.open(LocalDisk.INSTANCE, log, SnapshotNote.NONE, options)) {
        wal.readAll(entry -> check(entry.index() == ++last[0]));
      }
      check(last[0] == entries);
    }

    private static void check(boolean holds) {
      if (!holds) {
        throw new AssertionError();
      }
    }
  }
}
