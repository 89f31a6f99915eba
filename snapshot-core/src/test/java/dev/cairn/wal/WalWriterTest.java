package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalWriterTest {
  private static final WalMetadata METADATA = new WalMetadata(1, -1);
  private static final Path LOG = Path.of("/log");
  private static final Path SEGMENT = LOG.resolve(RaftFixture.FIRST_SEGMENT);

  @TempDir Path directory;

  /** What a server wrote, appended record by record, is written as that server did. */
  @Test
  void appendsAsEtcdDoes() throws IOException {
    for (RaftFixture fixture : List.of(RaftFixture.LIVE, RaftFixture.WAL)) {
      byte[] bytes = fixture.bytes(RaftFixture.FIRST_SEGMENT);
      Path log = Files.createDirectory(directory.resolve(fixture.name()));
      MemoryDisk source = new MemoryDisk().put(SEGMENT, bytes);
      try (WalReader reader = WalReader.open(source, List.of(SEGMENT))) {
        copy(reader, log);
      }
      byte[] written = Files.readAllBytes(log.resolve(RaftFixture.FIRST_SEGMENT));
      assertArrayEquals(Arrays.copyOf(bytes, 64_000_000), written);
    }
  }

  private static void copy(WalReader reader, Path log) {
    reader.next();
    WalMetadata metadata = reader.next().metadata();
    assertEquals(SnapshotNote.NONE, reader.next().snapshot());
    try (WalWriter writer = WalWriter.create(LocalDisk.INSTANCE, log, metadata)) {
      for (WalRecord record = reader.next(); record != null; record = reader.next()) {
        assertEquals(record.offsetBytes(), writer.sizeBytes());
        switch (record.type()) {
          case ENTRY -> writer.append(List.of(record.entry()), HardState.EMPTY);
          case STATE -> writer.append(List.of(), record.hardState());
          case SNAPSHOT -> writer.append(record.snapshot());
          default -> throw new AssertionError(record.type());
        }
      }
      writer.sync();
    }
  }

  /** Longer than the buffer, and with lengths of every kind of padding. */
  @Test
  void entriesOfAnyLengthComeBack() {
    try (WalWriter writer = WalWriter.create(LocalDisk.INSTANCE, directory, METADATA)) {
      for (int i = 1; i <= 40; i++) {
        writer.append(List.of(entry(i, length(i))), HardState.EMPTY);
      }
      writer.sync();
    }
    Path segment = directory.resolve(RaftFixture.FIRST_SEGMENT);
    try (WalReader reader = WalReader.open(LocalDisk.INSTANCE, List.of(segment))) {
      for (int i = 0; i < 3; i++) {
        reader.next();
      }
      for (int i = 1; i <= 40; i++) {
        assertArrayEquals(entry(i, length(i)).data(), reader.next().entry().data());
      }
      assertNull(reader.next());
    }
  }

  private static int length(int i) {
    return i % 7 == 0 ? 300_000 + i : i;
  }

  private static Entry entry(long index, int length) {
    byte[] data = new byte[length];
    Arrays.fill(data, (byte) index);
    return new Entry(EntryType.NORMAL, 1, index, data);
  }

  @Test
  void aFullSegmentIsRefusedBeforeAnythingIsAppended() {
    try (WalWriter writer = WalWriter.create(LocalDisk.INSTANCE, directory, METADATA)) {
      Entry large = entry(1, 9_000_000);
      for (int i = 0; i < 7; i++) {
        writer.append(List.of(large), HardState.EMPTY);
      }
      long sizeBytes = writer.sizeBytes();
      StorageException refused =
          assertThrows(
              StorageException.class, () -> writer.append(List.of(large), HardState.EMPTY));
      assertEquals(Code.LIMIT, refused.code());
      assertEquals(sizeBytes, writer.sizeBytes());
      writer.append(List.of(entry(2, 1)), HardState.EMPTY);
      writer.sync();
    }
  }

  @Test
  void oneWriterHasTheSegment() {
    Path segment = directory.resolve(RaftFixture.FIRST_SEGMENT);
    try (WalWriter writer = WalWriter.create(LocalDisk.INSTANCE, directory, METADATA)) {
      StorageException locked =
          assertThrows(StorageException.class, () -> LocalDisk.INSTANCE.lock(segment, false));
      assertEquals(Code.LOCKED, locked.code());
      assertTrue(writer.sizeBytes() > 0);
    }
    LocalDisk.INSTANCE.lock(segment, false).close();
  }

  @Test
  void afterAFailedSyncNothingIsWritten() {
    SimulatedDisk disk = new SimulatedDisk(1);
    disk.makeDirectories(LOG);
    WalWriter writer = WalWriter.create(disk, LOG, METADATA);
    disk.failSyncs(SEGMENT::equals);
    assertEquals(Code.IO, assertThrows(StorageException.class, writer::sync).code());
    disk.clearFaults();
    assertEquals(Code.IO, assertThrows(StorageException.class, writer::sync).code());
    assertThrows(StorageException.class, () -> writer.append(SnapshotNote.NONE));
    writer.close();
    writer.close();
    assertEquals(List.of(), disk.openFiles());
  }

  @Test
  void aFailedCreationLeavesNothingOpen() {
    SimulatedDisk disk = new SimulatedDisk(1);
    disk.makeDirectories(LOG);
    disk.capacityBytes(1000);
    StorageException full =
        assertThrows(
            StorageException.class,
            () -> {
              try (WalWriter writer = WalWriter.create(disk, LOG, METADATA)) {
                writer.sync();
              }
            });
    assertEquals(Code.FULL, full.code());
    assertEquals(List.of(), disk.openFiles());
  }

  /** The bytes of messages that no fixture of etcd 3.4 has. */
  @Test
  void messagesAreEncodedAsEtcdDoes() {
    ConfState state = ConfState.of(List.of(1L, 2L));
    assertEquals("080108022800", hex(state.encode()));
    assertEquals(state, ConfState.decode(state.encode()));
    SnapshotNote note = new SnapshotNote(2, 1, Optional.of(state));
    assertEquals("080210011a06080108022800", hex(note.encode()));
    assertEquals(note, SnapshotNote.decode(note.encode()));
    assertEquals("08001000", hex(SnapshotNote.NONE.encode()));
    assertEquals("080010001800", hex(HardState.EMPTY.encode()));
    assertEquals("080010021803", hex(new Entry(EntryType.NORMAL, 2, 3, new byte[0]).encode()));
    ConfChange change = ConfChange.addNode(5, new byte[] {9});
    assertEquals("0800100018052201" + "09", hex(change.encode()));
  }

  @Test
  void changesOfManyMembersAreRead() {
    byte[] data = HexFormat.of().parseHex("0802" + "120408001001" + "120408031002" + "1a0107");
    ConfChange change = ConfChange.decode(new Entry(EntryType.CONF_CHANGE_V2, 1, 1, data));
    assertEquals(ConfChange.Transition.JOINT_EXPLICIT, change.transition());
    assertEquals(
        List.of(
            new ConfChange.Step(ConfChange.Action.ADD_NODE, 1),
            new ConfChange.Step(ConfChange.Action.ADD_LEARNER_NODE, 2)),
        change.steps());
    assertArrayEquals(new byte[] {7}, change.context());
    assertThrows(IllegalStateException.class, change::encode);
    ConfChange leave = ConfChange.decode(new Entry(EntryType.CONF_CHANGE_V2, 1, 1, new byte[0]));
    assertEquals(List.of(), leave.steps());
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
