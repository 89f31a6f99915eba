package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import dev.cairn.wal.HardState;
import dev.cairn.wal.Wal;
import dev.cairn.wal.WalMetadata;
import dev.cairn.wal.WalOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code wal verify} and {@code wal repair}. */
class WalRepairTest {
  private static final String BROKEN = RaftFile.SEGMENT + ".broken";

  @TempDir Path directory;

  @Test
  void aWholeLogIsVerified() throws IOException {
    Path log = Files.createDirectories(directory.resolve("member/wal"));
    RaftFile.unpack("wal", RaftFile.SEGMENT, log);
    Map<String, String> before = Trees.of(directory);
    String line = Cli.run("wal", "verify", log).ok().out();
    assertEquals(
        "c7c8130edc8244a8, " + line.split(", ")[1] + ", 1, 404, 9, 413, 2, c7c8130edc8244a8, 413\n",
        line);
    assertEquals(line, Cli.run("wal", "verify", directory).ok().out());
    String json = Cli.run("wal", "verify", directory, "-w", "json").ok().out();
    assertTrue(json.contains("\"snapshotIndex\":404,\"entries\":9,\"lastIndex\":413"), json);
    String fields = Cli.run("wal", "verify", directory, "-w", "fields").ok().out();
    assertTrue(fields.contains("\"Commit\" : 413\n"), fields);
    assertEquals(5, Cli.run("wal", "verify", log, "-w", "table").ok().out().lines().count());
    assertEquals(before, Trees.of(directory));
  }

  @Test
  void halfARecordIsToldAndRepaired() throws IOException {
    byte[] bytes = RaftFile.bytes("live", RaftFile.SEGMENT);
    byte[] torn = Arrays.copyOf(bytes, 1330);
    Path segment = Files.write(directory.resolve(RaftFile.SEGMENT), torn);
    Cli.run("wal", "verify", directory)
        .failed(3, RaftFile.SEGMENT, "cut off", "cairn wal repair", "(at byte 1312)");
    assertEquals(1330, Files.size(segment));
    String json = Cli.run("wal", "repair", directory, "-w", "json").ok().out();
    assertEquals(
        "{\"segment\":\"" + RaftFile.SEGMENT + "\",\"repaired\":true,\"sizeBytes\":1312}\n", json);
    assertEquals(-1, Arrays.mismatch(torn, Files.readAllBytes(directory.resolve(BROKEN))));
    assertEquals(-1, Arrays.mismatch(Arrays.copyOf(bytes, 1312), Files.readAllBytes(segment)));
    Cli.run("wal", "verify", directory).ok();
    Map<String, String> before = Trees.of(directory);
    String again = Cli.run("wal", "repair", directory).ok().out();
    assertTrue(again.contains("nothing to repair"), again);
    assertEquals(before, Trees.of(directory));
  }

  @Test
  void damageIsNotRepaired() throws IOException {
    byte[] bytes = RaftFile.bytes("live", RaftFile.SEGMENT);
    bytes[703] ^= 1;
    Files.write(directory.resolve(RaftFile.SEGMENT), bytes);
    Map<String, String> before = Trees.of(directory);
    Cli.run("wal", "verify", directory).failed(3, "walpb: crc mismatch", "(at byte 680)");
    Cli.run("wal", "repair", directory).failed(3, "walpb: crc mismatch", "(at byte 680)");
    assertEquals(before, Trees.of(directory));
  }

  @Test
  void aLogInUseIsNotRepaired() {
    Path log = directory.resolve("wal");
    WalMetadata metadata = new WalMetadata(1, 2);
    try (Wal wal = Wal.create(LocalDisk.INSTANCE, log, metadata, WalOptions.defaults())) {
      wal.save(new HardState(1, 1, 0), List.of(new Entry(EntryType.NORMAL, 1, 1, new byte[9])));
      Cli.run("wal", "repair", log).failed(6, RaftFile.SEGMENT);
      Cli.run("wal", "verify", log).ok();
    }
    Cli.run("wal", "repair", log).ok();
  }

  /** An entry that was agreed on is gone: no server starts on that. */
  @Test
  void whatWasAgreedOnMustBeThere() {
    Path log = directory.resolve("wal");
    WalMetadata metadata = new WalMetadata(1, 2);
    try (Wal wal = Wal.create(LocalDisk.INSTANCE, log, metadata, WalOptions.defaults())) {
      wal.save(new HardState(1, 1, 5), List.of(new Entry(EntryType.NORMAL, 1, 1, new byte[9])));
    }
    Cli.run("wal", "verify", log).failed(3, "entry 5 was agreed on", "ends with entry 1");
    Cli.run("wal", "repair", log).failed(3, "entry 5 was agreed on");
  }

  @Test
  void whatIsNotThereIsNotFound() {
    for (String command : List.of("verify", "repair")) {
      Cli.run("wal", command, directory).failed(4, "wal: file not found");
      Cli.run("wal", command, directory.resolve("none")).failed(4, "none");
    }
  }
}
