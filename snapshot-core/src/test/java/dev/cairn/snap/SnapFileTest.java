package dev.cairn.snap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.wal.ConfState;
import dev.cairn.wal.MemoryDisk;
import dev.cairn.wal.RaftFixture;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapFileTest {
  @TempDir Path directory;

  private RaftSnapshot read(String name, byte[] bytes) throws IOException {
    return SnapFile.read(LocalDisk.INSTANCE, Files.write(directory.resolve(name), bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000002-0000000000000065.snap",
        "0000000000000002-00000000000000ca.snap",
        "0000000000000002-000000000000012f.snap",
        "0000000000000002-0000000000000194.snap"
      })
  void aServersSnapshotIsWrittenAsItWasRead(String name) throws IOException {
    byte[] bytes = RaftFixture.WAL.bytes(name);
    RaftSnapshot snapshot = read("read.snap", bytes);
    Path written = SnapFile.write(LocalDisk.INSTANCE, directory, snapshot);
    assertEquals(name, written.getFileName().toString());
    assertArrayEquals(bytes, Files.readAllBytes(written));
  }

  /** Everything that a configuration can hold, encoded by hand. */
  @Test
  void aJointConfigurationIsEncodedAsEtcdDoes() throws IOException {
    ConfState joint =
        new ConfState(List.of(1L, -1L), List.of(2L), List.of(3L, 4L), List.of(5L), true);
    Path written =
        SnapFile.write(
            LocalDisk.INSTANCE, directory, new RaftSnapshot(7, 6, joint, new byte[] {'{', '}'}));
    String hex = HexFormat.of().formatHex(Files.readAllBytes(written));
    String configuration =
        "0801" + "08ffffffffffffffffff01" + "1002" + "18031804" + "2005" + "2801";
    String metadata = "0a17" + configuration + "1007" + "1806";
    assertTrue(hex.endsWith("0a027b7d" + "121d" + metadata), hex);
    RaftSnapshot back = SnapFile.read(LocalDisk.INSTANCE, written);
    assertEquals(joint, back.confState());
    assertTrue(back.confState().isJoint());
    assertEquals(7, back.index());
    assertEquals(6, back.term());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0a", "0800", "08011200", "0801120100", "07", "junk"})
  void whatIsNoSnapshotIsNamed(String hex) throws IOException {
    byte[] bytes = hex.equals("junk") ? hex.getBytes("US-ASCII") : HexFormat.of().parseHex(hex);
    StorageException refused = assertThrows(StorageException.class, () -> read("bad.snap", bytes));
    assertEquals(Code.CORRUPT, refused.code());
    assertTrue(refused.getMessage().contains("bad.snap: "), refused.getMessage());
  }

  @Test
  void everyChangedByteIsFound() {
    byte[] bytes = RaftFixture.WAL.bytes("0000000000000002-0000000000000065.snap");
    Path path = Path.of("/flipped.snap");
    MemoryDisk disk = new MemoryDisk().put(path, bytes);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= 0x20;
      StorageException refused =
          assertThrows(StorageException.class, () -> SnapFile.read(disk, path));
      assertEquals(Code.CORRUPT, refused.code());
      bytes[i] ^= 0x20;
    }
    assertEquals(0, disk.open());
  }

  @Test
  void aHugeFileIsNotReadIntoMemory() throws IOException {
    Path huge = directory.resolve("huge.snap");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(5L << 30);
    }
    StorageException refused =
        assertThrows(StorageException.class, () -> SnapFile.read(LocalDisk.INSTANCE, huge));
    assertEquals(Code.LIMIT, refused.code());
  }

  @Test
  void anAbsentFileIsNotFound() {
    Path none = directory.resolve("none.snap");
    StorageException refused =
        assertThrows(StorageException.class, () -> SnapFile.read(LocalDisk.INSTANCE, none));
    assertEquals(Code.NOT_FOUND, refused.code());
  }
}
