package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Dumps of damaged files: whole lines of what is readable, then at most one typed error. */
class DumpFuzzTest {
  private static final long SEED = TestRun.seed(DumpFuzzTest.class);
  private static final Path FILE = Path.of("/file");

  private final SplittableRandom random = new SplittableRandom(SEED);
  private int whole;
  private int damaged;

  private void dump(byte[] input, Column[] columns, BiConsumer<Disk, Sheet> command) {
    // A new one: a disk keeps what was deleted as long as that was not made durable.
    SimulatedDisk disk = new SimulatedDisk(SEED);
    try (DiskFile file = disk.open(FILE, Disk.Mode.CREATE_NEW)) {
      file.write(0, ByteBuffer.wrap(input));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, false, StandardCharsets.UTF_8);
    long operations = disk.operations();
    try {
      command.accept(disk, Sheet.of(Format.JSON, print, columns));
      whole++;
    } catch (StorageException typed) {
      damaged++;
      assertTrue(typed.code() == Code.CORRUPT || typed.code() == Code.LIMIT, typed.getMessage());
      assertEquals(1, typed.getMessage().lines().count());
    }
    assertEquals(operations, disk.operations());
    assertEquals(List.of(), disk.openFiles());
    print.flush();
    out.toString(StandardCharsets.UTF_8)
        .lines()
        .forEach(line -> assertTrue(line.startsWith("{\"") && line.endsWith("}"), line));
  }

  private byte[] mutated(byte[] base) {
    byte[] bytes = random.nextInt(4) > 0 ? base.clone() : cutOrGrown(base);
    for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  private byte[] cutOrGrown(byte[] base) {
    return Arrays.copyOf(base, random.nextInt(base.length + 1024));
  }

  @Test
  void logs() {
    byte[] base = RaftFile.bytes("live", RaftFile.SEGMENT);
    int rounds = TestRun.count(10_000, 100_000);
    for (int i = 0; i < rounds; i++) {
      dump(
          mutated(base),
          WalDump.columns(),
          (where, sheet) -> new WalDump(where, sheet).print(List.of(FILE)));
    }
    finish("dumps of logs", rounds);
  }

  @Test
  void snapshots() {
    byte[] base = RaftFile.bytes("wal", "0000000000000002-0000000000000065.snap");
    int rounds = TestRun.count(10_000, 100_000);
    for (int i = 0; i < rounds; i++) {
      dump(
          mutated(base),
          SnapDump.columns(),
          (where, sheet) -> new SnapDump(where, sheet).print(FILE));
    }
    finish("dumps of snapshots", rounds);
  }

  private void finish(String what, int rounds) {
    assertEquals(rounds, whole + damaged);
    assertTrue(whole > 0 && damaged > rounds / 2, whole + " whole");
    TestRun.report("fuzzed " + what, rounds);
  }
}
