package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.snap.SnapFile;
import dev.cairn.wal.ConfState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapDumpTest {
  private static final String SERVERS = "0000000000000002-0000000000000194.snap";
  private static final String RESTORED = "0000000000000001-0000000000000003.snap";

  @TempDir Path directory;

  @Test
  void ofARealServer() throws IOException {
    Path file = RaftFile.unpack("wal", SERVERS, directory);
    Map<String, String> before = Trees.of(directory);
    assertEquals(
        "404, 2, ok, voters=[c7c8130edc8244a8], 7.1 kB, 3.4.0, [{id=c7c8130edc8244a8 name=alphaw"
            + " peerURLs=[http://127.0.0.1:43841] clientURLs=[http://127.0.0.1:43840]}], []\n",
        Cli.run("snap", "dump", file).ok().out());
    assertEquals(before, Trees.of(directory));
  }

  @Test
  void ofARestoredMember() throws IOException {
    Path file = RaftFile.unpack("restored-three-m2", RESTORED, directory);
    assertEquals(
        "{\"index\":3,\"term\":1,\"crcState\":\"ok\",\"configuration\":{\"voters\":"
            + "[368578466178872656,932885981267609316,5054474845858795770]},"
            + "\"documentBytes\":7563,\"clusterVersion\":\"\",\"members\":["
            + "{\"id\":368578466178872656,\"peerURLs\":[\"http://127.0.0.1:32380\"]},"
            + "{\"id\":932885981267609316,\"peerURLs\":"
            + "[\"http://127.0.0.1:22380\",\"http://127.0.0.1:22381\"]},"
            + "{\"id\":5054474845858795770,\"peerURLs\":[\"http://127.0.0.1:12380\"]}],"
            + "\"removed\":[]}\n",
        Cli.run("snap", "dump", file, "-w", "json").ok().out());
    assertEquals(5, Cli.run("snap", "dump", file, "-w", "table").ok().out().lines().count());
    assertEquals(8, Cli.run("snap", "dump", file, "-w", "fields").ok().out().lines().count());
  }

  @Test
  void aJointConfigurationAndRemovedMembers() {
    ConfState joint = new ConfState(List.of(1L, -1L), List.of(2L), List.of(3L), List.of(4L), true);
    String document =
        "{\"Root\":{\"Children\":{\"0\":{\"Children\":{\"removed_members\":{\"Children\":"
            + "{\"a1\":{\"Value\":\"\"}}}}}}},\"CurrentIndex\":7}";
    Cli.Result dump = Cli.run("snap", "dump", write(joint, document)).ok();
    assertEquals(
        "9, 8, ok, voters=[1 ffffffffffffffff] learners=[2] votersOutgoing=[3] learnersNext=[4]"
            + " autoLeave=yes, "
            + document.length()
            + " B, , [], [a1]\n",
        dump.out());
  }

  private Path write(ConfState state, String document) {
    byte[] data = document.getBytes(StandardCharsets.UTF_8);
    return SnapFile.write(LocalDisk.INSTANCE, directory, new RaftSnapshot(9, 8, state, data));
  }

  @Test
  void aWrongCrcIsToldAndTheRestIsShown() throws IOException {
    byte[] bytes = RaftFile.bytes("wal", SERVERS);
    bytes[2] ^= 1;
    Path file = Files.write(directory.resolve("flipped.snap"), bytes);
    Cli.Result dump = Cli.run("snap", "dump", file).failed(3, "flipped.snap", "CRC 0x");
    assertTrue(dump.out().startsWith("404, 2, mismatch, voters="), dump.out());
  }

  @Test
  void anotherDocumentIsToldAndTheRestIsShown() {
    Path file = write(ConfState.of(List.of(5L)), "[]");
    Cli.Result dump = Cli.run("snap", "dump", file).failed(3, ".snap", "no v2 document");
    assertEquals("9, 8, ok, voters=[5], 2 B, , [], []\n", dump.out());
  }

  @Test
  void whatIsNoSnapshotIsRefused() throws IOException {
    Path foreign = Files.writeString(directory.resolve("foreign.txt"), "some text");
    assertEquals("", Cli.run("snap", "dump", foreign).failed(3, "foreign.txt").out());
    assertEquals("", Cli.run("snap", "dump", directory.resolve("none")).failed(4, "none").out());
    Path empty = Files.createFile(directory.resolve("empty.snap"));
    Cli.run("snap", "dump", empty).failed(3, "empty.snap");
    Cli.run("snap", "dump", directory).failed(1, directory.toString());
  }
}
