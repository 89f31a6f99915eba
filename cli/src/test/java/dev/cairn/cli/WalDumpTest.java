package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.wal.ConfState;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import dev.cairn.wal.HardState;
import dev.cairn.wal.SnapshotNote;
import dev.cairn.wal.WalMetadata;
import dev.cairn.wal.WalWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalDumpTest {
  @TempDir Path directory;

  @Test
  void everyRecordOfARealServer() throws IOException {
    Path segment = RaftFile.unpack("live", RaftFile.SEGMENT, directory);
    Map<String, String> before = Trees.of(directory);
    String simple = RaftFile.expected("live-simple.txt");
    assertEquals(simple, Cli.run("wal", "dump", directory).ok().out());
    assertEquals(simple, Cli.run("wal", "dump", segment).ok().out());
    assertEquals(
        RaftFile.expected("live-json.txt"),
        Cli.run("wal", "dump", directory, "-w", "json").ok().out());
    assertEquals(before, Trees.of(directory));
  }

  @Test
  void everyRecordOfARestoredMember() throws IOException {
    Path log = Files.createDirectories(directory.resolve("member/wal"));
    RaftFile.unpack("restored-three-m2", RaftFile.SEGMENT, log);
    assertEquals(
        RaftFile.expected("restored-three-m2-json.txt"),
        Cli.run("wal", "dump", directory, "-w", "json").ok().out());
  }

  @Test
  void everyRecordOfALongLog() throws IOException {
    RaftFile.unpack("wal", RaftFile.SEGMENT, directory);
    List<String> lines = Cli.run("wal", "dump", directory).ok().out().lines().toList();
    assertEquals(833, lines.size());
    assertEquals(407, lines.stream().filter(line -> line.contains(" kind=put ")).count());
    assertEquals(413, lines.stream().filter(line -> line.contains(", entry, ")).count());
    assertEquals(
        "0000000000000000-0000000000000000.wal, 52872, state, 954077b9, ok,"
            + " term=2 vote=c7c8130edc8244a8 commit=413",
        lines.get(832));
    assertEquals(
        List.of(
            "index=0 term=0",
            "index=101 term=2",
            "index=202 term=2",
            "index=303 term=2",
            "index=404 term=2"),
        lines.stream()
            .filter(line -> line.contains(", snapshot, "))
            .map(line -> line.substring(line.indexOf("index=")))
            .toList());
  }

  @Test
  void theOtherFormats() throws IOException {
    RaftFile.unpack("restored-three-m2", RaftFile.SEGMENT, directory);
    String table = Cli.run("wal", "dump", directory, "-w", "table").ok().out();
    assertTrue(table.lines().skip(1).findFirst().orElseThrow().contains("CRC STATE"), table);
    assertEquals(8 + 4, table.lines().count());
    String fields = Cli.run("wal", "dump", directory, "-w", "fields").ok().out();
    assertTrue(fields.contains("\"Content\" : {\"node\":932885981267609316,"), fields);
  }

  @Test
  void aDamagedRecordIsShownWithAllTheOthers() throws IOException {
    byte[] bytes = RaftFile.bytes("live", RaftFile.SEGMENT);
    bytes[703] ^= 1;
    Files.write(directory.resolve(RaftFile.SEGMENT), bytes);
    Cli.Result dump =
        Cli.run("wal", "dump", directory)
            .failed(3, RaftFile.SEGMENT, "the CRC is not that of the record", "(at byte 680)");
    List<String> lines = dump.out().lines().toList();
    assertEquals(26, lines.size());
    assertEquals(1, lines.stream().filter(line -> line.contains(", mismatch, ")).count());
    bytes[775] ^= 1;
    Files.write(directory.resolve(RaftFile.SEGMENT), bytes);
    Cli.run("wal", "dump", directory)
        .failed(3, "2 places are damaged, the first: ", "(at byte 680)");
  }

  @Test
  void whatIsReadableInFrontOfDamageIsShown() throws IOException {
    byte[] bytes = RaftFile.bytes("live", RaftFile.SEGMENT);
    bytes[463] = 0x55;
    Files.write(directory.resolve(RaftFile.SEGMENT), bytes);
    Cli.Result dump = Cli.run("wal", "dump", directory).failed(3, "is no length of a record");
    assertEquals(8, dump.out().lines().count());
  }

  @Test
  void aTornEndIsTold() throws IOException {
    byte[] bytes = RaftFile.bytes("live", RaftFile.SEGMENT);
    Files.write(directory.resolve(RaftFile.SEGMENT), Arrays.copyOf(bytes, 1330));
    Cli.Result dump =
        Cli.run("wal", "dump", directory).failed(3, "cut off", "repairs", "(at byte 1312)");
    assertEquals(25, dump.out().lines().count());
  }

  @Test
  void aGapIsToldAndReadOver() throws IOException {
    RaftFile.unpack("live", RaftFile.SEGMENT, directory);
    Path third = directory.resolve("0000000000000002-000000000000000d.wal");
    Files.write(third, RaftFile.bytes("restored-three-m2", RaftFile.SEGMENT));
    Cli.Result dump = Cli.run("wal", "dump", directory).failed(3, third.toString(), "is missing");
    assertEquals(26 + 8, dump.out().lines().count());
  }

  @Test
  void contentsThatOnlyLaterVersionsWrite() {
    byte[] change = HexFormat.of().parseHex("0802" + "120408001001" + "120408031002" + "1a0107");
    ConfState joint = new ConfState(List.of(1L, 2L), List.of(3L), List.of(1L), List.of(4L), true);
    writeLog(
        List.of(
            new Entry(EntryType.CONF_CHANGE_V2, 5, 1, change),
            new Entry(EntryType.CONF_CHANGE_V2, 5, 2, new byte[0])),
        new SnapshotNote(2, 5, Optional.of(joint)));
    List<String> lines = Cli.run("wal", "dump", directory).ok().out().lines().toList();
    assertTrue(
        lines
            .get(3)
            .endsWith(
                "entryType=conf_change_v2 change={transition=joint_explicit steps=[{action=add_node"
                    + " node=1} {action=add_learner_node node=2}] contextBytes=1}"),
        lines.get(3));
    assertTrue(lines.get(4).endsWith("change={transition=auto steps=[]}"), lines.get(4));
    assertTrue(
        lines
            .get(5)
            .endsWith(
                "index=2 term=5 configuration={voters=[1 2] learners=[3] votersOutgoing=[1]"
                    + " learnersNext=[4] autoLeave=yes}"),
        lines.get(5));
  }

  private void writeLog(List<Entry> entries, SnapshotNote note) {
    try (WalWriter log = WalWriter.create(LocalDisk.INSTANCE, directory, new WalMetadata(1, 2))) {
      log.append(entries, HardState.EMPTY);
      log.append(note);
      log.sync();
    }
  }

  /** A whole record with a content that nobody can read is damage, too. */
  @Test
  void anEntryThatIsNoRequestIsTold() {
    writeLog(
        List.of(new Entry(EntryType.NORMAL, 1, 1, new byte[] {7, 7, 7})),
        new SnapshotNote(1, 1, Optional.empty()));
    Cli.Result dump =
        Cli.run("wal", "dump", directory)
            .failed(3, "the bytes are no request of etcd's", "(at byte 64)");
    List<String> lines = dump.out().lines().toList();
    assertEquals(5, lines.size());
    assertTrue(lines.get(3).endsWith(", ok, undecodableBytes=11"), lines.get(3));
  }

  /** What a user put into keys reaches no terminal unescaped. */
  @Test
  void keysAreEscaped() {
    byte[] put = "\"\7\n\5\33[1m\u00ff".getBytes(StandardCharsets.ISO_8859_1);
    writeLog(
        List.of(new Entry(EntryType.NORMAL, 1, 1, put)), new SnapshotNote(1, 1, Optional.empty()));
    String simple = Cli.run("wal", "dump", directory).ok().out();
    assertTrue(simple.contains("key=\\x1b[1m\\xff"), simple);
    String json = Cli.run("wal", "dump", directory, "-w", "json").ok().out();
    assertTrue(json.contains("\"request\":{\"key\":\"G1sxbf8=\"}"), json);
  }

  @Test
  void whatIsNotThereIsNotFound() throws IOException {
    Cli.run("wal", "dump", directory).failed(4, "no segment of a log");
    Cli.run("wal", "dump", directory.resolve("none")).failed(4, "none");
    Path foreign = Files.writeString(directory.resolve("foreign.txt"), "no log, but some text");
    Cli.Result dump =
        Cli.run("wal", "dump", foreign).failed(3, "foreign.txt", "no segment of a log");
    assertEquals("", dump.out());
    assertFalse(dump.err().contains("expected"));
  }
}
