package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.DiskOperation.Kind;
import dev.cairn.testkit.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WalTest {
  private static final Path LOG = Path.of("/data/wal");
  private static final Path FIRST = LOG.resolve(RaftFixture.FIRST_SEGMENT);
  private static final WalMetadata METADATA = new WalMetadata(7, 9);
  private static final WalOptions SMALL = WalOptions.defaults().withSegmentBytes(1 << 14);

  private final SimulatedDisk disk = new SimulatedDisk(1);

  @BeforeEach
  void makeParent() {
    disk.makeDirectories(LOG.getParent());
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertEquals(List.of(), disk.openFiles());
    if (disk.exists(LOG)) {
      disk.list(LOG).forEach(each -> disk.lock(each, false).close());
    }
  }

  private Wal create() {
    return Wal.create(disk, LOG, METADATA, SMALL);
  }

  private static Entry entry(long term, long index) {
    return entry(term, index, 20);
  }

  private static Entry entry(long term, long index, int bytes) {
    byte[] data = new byte[bytes];
    Arrays.fill(data, (byte) (term * 16 + index));
    return new Entry(EntryType.NORMAL, term, index, data);
  }

  private static SnapshotNote note(long index, long term) {
    return new SnapshotNote(index, term, Optional.empty());
  }

  private static List<Long> indexes(List<Entry> entries) {
    return entries.stream().map(Entry::index).toList();
  }

  private StorageException refused(Code code, String words, Runnable call) {
    StorageException thrown = assertThrows(StorageException.class, call::run);
    assertEquals(code, thrown.code(), thrown::getMessage);
    assertTrue(thrown.getMessage().contains(words), thrown::getMessage);
    return thrown;
  }

  private StorageException readRefused(Code code, String words, SnapshotNote from) {
    try (Wal wal = Wal.open(disk, LOG, from, SMALL)) {
      return refused(code, words, wal::readAll);
    }
  }

  private long syncs(Runnable call) {
    AtomicInteger syncs = new AtomicInteger();
    disk.listen(each -> syncs.addAndGet(each.kind() == Kind.SYNC ? 1 : 0));
    call.run();
    disk.listen(each -> {});
    return syncs.get();
  }

  @Test
  void whatWasSavedIsReadAndGoneOnWith() {
    try (Wal wal = create()) {
      wal.save(new HardState(1, 7, 0), List.of(entry(1, 1), entry(1, 2)));
      wal.save(new HardState(1, 7, 2), List.of());
    }
    try (Wal wal = Wal.open(disk, LOG, SnapshotNote.NONE, SMALL)) {
      WalContent content = wal.readAll();
      assertEquals(METADATA, content.metadata());
      assertEquals(new HardState(1, 7, 2), content.hardState());
      assertEquals(List.of(1L, 2L), indexes(content.entries()));
      wal.save(HardState.EMPTY, List.of(entry(1, 3)));
    }
    WalContent content = Wal.read(disk, LOG, SnapshotNote.NONE);
    assertEquals(List.of(1L, 2L, 3L), indexes(content.entries()));
    assertArrayEquals(entry(1, 3).data(), content.entries().get(2).data());
  }

  @Test
  void aNewLeadersEntriesTakeThePlaceOfOthers() {
    try (Wal wal = create()) {
      wal.save(new HardState(1, 7, 1), List.of(entry(1, 1), entry(1, 2), entry(1, 3)));
      wal.save(new HardState(2, 7, 1), List.of(entry(2, 2)));
      refused(
          Code.LIMIT,
          "wal: slice bounds out of range: entry 4 behind entry 2",
          () -> wal.save(HardState.EMPTY, List.of(entry(2, 4))));
      wal.save(HardState.EMPTY, List.of(entry(2, 3)));
    }
    WalContent content = Wal.read(disk, LOG, SnapshotNote.NONE);
    assertEquals(List.of(1L, 2L, 3L), indexes(content.entries()));
    assertEquals(List.of(1L, 2L, 2L), content.entries().stream().map(Entry::term).toList());
    List<Entry> streamed = new ArrayList<>();
    WalContent rest = Wal.read(disk, LOG, SnapshotNote.NONE, streamed::add);
    assertEquals(List.of(1L, 2L, 3L, 2L, 3L), indexes(streamed));
    assertEquals(List.of(), rest.entries());
    assertEquals(content.hardState(), rest.hardState());
  }

  /** Etcd's rule: a commit index alone is not worth a sync. */
  @Test
  void onlyWhatMustBeDurableIsSynced() {
    try (Wal wal = create()) {
      assertEquals(1, syncs(() -> wal.save(new HardState(1, 0, 0), List.of())), "a term");
      assertEquals(1, syncs(() -> wal.save(new HardState(1, 7, 0), List.of())), "a vote");
      assertEquals(1, syncs(() -> wal.save(HardState.EMPTY, List.of(entry(1, 1)))), "an entry");
      assertEquals(0, syncs(() -> wal.save(new HardState(1, 7, 1), List.of())), "a commit");
      long sizeBytes = Wal.verify(disk, LOG, SnapshotNote.NONE).end().offsetBytes();
      assertEquals(0, syncs(() -> wal.save(HardState.EMPTY, List.of())), "nothing");
      assertEquals(1, syncs(wal::sync), "the commit, late");
      assertEquals(0, syncs(wal::sync), "all is durable");
      assertEquals(1, syncs(() -> wal.saveSnapshot(note(1, 1))), "a note");
      assertTrue(sizeBytes < Wal.verify(disk, LOG, SnapshotNote.NONE).end().offsetBytes());
    }
  }

  @Test
  void aFullSegmentIsEndedAndTheNextOneKnowsTheState() {
    try (Wal wal = create()) {
      for (int i = 1; i <= 14; i++) {
        wal.save(new HardState(3, 7, i - 1), List.of(entry(3, i, 4_000)));
      }
    }
    List<Path> segments = SegmentName.list(disk, LOG);
    assertEquals(
        List.of(new SegmentName(0, 0), new SegmentName(1, 7), new SegmentName(2, 13)),
        segments.stream().map(each -> SegmentName.of(each).orElseThrow()).toList());
    assertEquals(3, disk.list(LOG).size());
    assertTrue(disk.sizeBytes(segments.get(0)) >= SMALL.segmentBytes());
    try (WalReader reader = WalReader.open(disk, segments.subList(1, 3))) {
      assertEquals(RecordType.CRC, reader.next().type());
      assertEquals(METADATA, reader.next().metadata());
      assertEquals(new HardState(3, 7, 5), reader.next().hardState());
    }
    assertEquals(14, Wal.read(disk, LOG, SnapshotNote.NONE).entries().size());
  }

  @Test
  void itIsReadFromASnapshotOn() {
    try (Wal wal = create()) {
      for (int i = 1; i <= 14; i++) {
        wal.save(new HardState(3, 7, i - 1), List.of(entry(3, i, 4_000)));
      }
      wal.saveSnapshot(note(8, 3));
      wal.saveSnapshot(note(14, 3));
      assertEquals(List.of(SnapshotNote.NONE, note(8, 3)), Wal.validSnapshots(disk, LOG));
      assertEquals(List.of(), Wal.purge(disk, LOG, 1));
      wal.release(7);
      assertEquals(List.of(), Wal.purge(disk, LOG, 1));
      wal.release(8);
      assertEquals(List.of(), Wal.purge(disk, LOG, 3));
      assertEquals(List.of(FIRST), Wal.purge(disk, LOG, 1));
    }
    WalContent content = Wal.read(disk, LOG, note(8, 3));
    assertEquals(List.of(9L, 10L, 11L, 12L, 13L, 14L), indexes(content.entries()));
    assertEquals(new HardState(3, 7, 13), content.hardState());
    refused(
        Code.NOT_FOUND,
        "wal: file not found which matches the snapshot index '4'",
        () -> Wal.verify(disk, LOG, note(4, 3)));
    readRefused(Code.CORRUPT, "wal: snapshot mismatch", note(8, 2));
    readRefused(Code.NOT_FOUND, "wal: snapshot not found", note(9, 3));
    readRefused(Code.NOT_FOUND, "wal: snapshot not found", note(20, 3));
    refused(Code.NOT_FOUND, "wal: snapshot not found", () -> Wal.verify(disk, LOG, note(9, 3)));
  }

  /** A follower that got a snapshot goes on behind it. */
  @Test
  void entriesMayGoOnBehindASnapshot() {
    try (Wal wal = create()) {
      wal.save(new HardState(1, 7, 1), List.of(entry(1, 1)));
      wal.saveSnapshot(note(50, 4));
      wal.save(new HardState(4, 0, 50), List.of(entry(4, 51)));
    }
    assertEquals(List.of(51L), indexes(Wal.read(disk, LOG, note(50, 4)).entries()));
    readRefused(Code.CORRUPT, "wal: slice bounds out of range: entry 51", SnapshotNote.NONE);
  }

  @Test
  void nothingIsReleasedThatIsNeeded() {
    Path directory = Path.of("/six");
    disk.makeDirectories(directory);
    List<Path> segments = new ArrayList<>();
    for (int i = 1; i <= 6; i++) {
      segments.add(directory.resolve(new SegmentName(i, i).fileName()));
      disk.open(segments.get(i - 1), Disk.Mode.CREATE_NEW).close();
    }
    int[][] expected = {{0, 0}, {1, 0}, {2, 0}, {3, 1}, {4, 2}, {6, 4}, {7, 5}, {100, 5}};
    for (int[] each : expected) {
      try (LockedSegments locked = LockedSegments.of(disk, segments)) {
        locked.releaseTo(each[0]);
        for (int i = 0; i < each[1]; i++) {
          disk.lock(segments.get(i), false).close();
        }
        for (Path held : segments.subList(each[1], 6)) {
          refused(Code.LOCKED, "", () -> disk.lock(held, false));
        }
      }
    }
  }

  private void append(RecordType type, byte[] data) {
    WalEnd end = Wal.verify(disk, LOG, SnapshotNote.NONE).end();
    try (DiskFile file = disk.open(end.segment(), Disk.Mode.READ_WRITE)) {
      RecordWriter records = new RecordWriter(file, end.offsetBytes(), end.crc());
      records.write(type, data);
      records.flush();
    }
  }

  @Test
  void contradictionsAreNamedAsEtcdNamesThem() {
    create().close();
    append(RecordType.METADATA, new WalMetadata(8, 9).encode());
    readRefused(Code.CORRUPT, "wal: conflicting metadata found", SnapshotNote.NONE);
    disk.delete(FIRST);
    create().close();
    append(RecordType.ENTRY, entry(1, 2).encode());
    readRefused(
        Code.CORRUPT, "wal: slice bounds out of range: entry 2 where 1 is next", SnapshotNote.NONE);
    disk.delete(FIRST);
    create().close();
    append(RecordType.UNKNOWN, new byte[0]);
    readRefused(Code.CORRUPT, "unexpected block type 0", SnapshotNote.NONE);
    disk.delete(FIRST);
    create().close();
    append(RecordType.STATE, new byte[] {1, 2, 3});
    readRefused(Code.CORRUPT, "hard state", SnapshotNote.NONE);
    refused(Code.CORRUPT, "hard state", () -> Wal.validSnapshots(disk, LOG));
    disk.delete(FIRST);
    refused(Code.NOT_FOUND, "wal: file not found", () -> Wal.validSnapshots(disk, LOG));
    refused(Code.NOT_FOUND, "wal: file not found", () -> Wal.repair(disk, LOG));
  }

  private byte[] truncated(int bytesCut) {
    try (Wal wal = create()) {
      wal.save(new HardState(1, 7, 0), List.of(entry(1, 1), entry(1, 2, 600)));
    }
    long end = Wal.verify(disk, LOG, SnapshotNote.NONE).end().offsetBytes();
    try (DiskFile file = disk.open(FIRST, Disk.Mode.READ_WRITE)) {
      file.setLength(end - bytesCut);
    }
    return disk.bytes(FIRST);
  }

  @Test
  void halfARecordIsRepairedAndACopyKept() {
    byte[] before = truncated(48);
    StorageException eof = readRefused(Code.CORRUPT, "unexpected EOF", SnapshotNote.NONE);
    assertEquals(FIRST, eof.file().orElseThrow());
    assertTrue(Wal.verify(disk, LOG, SnapshotNote.NONE).end().torn());
    assertEquals(List.of(1L), indexes(Wal.read(disk, LOG, SnapshotNote.NONE).entries()));
    assertArrayEquals(before, disk.bytes(FIRST));
    assertTrue(Wal.repair(disk, LOG));
    assertArrayEquals(before, disk.bytes(LOG.resolve(RaftFixture.FIRST_SEGMENT + ".broken")));
    assertFalse(Wal.repair(disk, LOG));
    try (Wal wal = Wal.open(disk, LOG, SnapshotNote.NONE, SMALL)) {
      assertEquals(List.of(1L), indexes(wal.readAll().entries()));
      refused(Code.LOCKED, "", () -> Wal.repair(disk, LOG));
      wal.save(HardState.EMPTY, List.of(entry(1, 2)));
    }
    assertEquals(2, Wal.read(disk, LOG, SnapshotNote.NONE).entries().size());
  }

  @Test
  void damageIsNotRepaired() {
    try (Wal wal = create()) {
      wal.save(new HardState(1, 7, 0), List.of(entry(1, 1), entry(1, 2, 600)));
    }
    try (DiskFile file = disk.open(FIRST, Disk.Mode.READ_WRITE)) {
      file.write(140, ByteBuffer.wrap(new byte[] {55}));
    }
    byte[] before = disk.bytes(FIRST);
    readRefused(Code.CORRUPT, "walpb: crc mismatch", SnapshotNote.NONE);
    refused(Code.CORRUPT, "walpb: crc mismatch", () -> Wal.repair(disk, LOG));
    refused(Code.CORRUPT, "walpb: crc mismatch", () -> Wal.validSnapshots(disk, LOG));
    assertArrayEquals(before, disk.bytes(FIRST));
    assertEquals(List.of(FIRST), disk.list(LOG));
  }

  /** Otherwise what the last record leaves of it would be read as half a length. */
  @Test
  void aFileOfAnOddLengthIsMadeEven() {
    assertThrows(IllegalArgumentException.class, () -> SMALL.withSegmentBytes(20_001));
    create().close();
    try (DiskFile file = disk.open(FIRST, Disk.Mode.READ_WRITE)) {
      file.setLength(20_001);
    }
    try (Wal wal = Wal.open(disk, LOG, SnapshotNote.NONE, SMALL)) {
      wal.readAll();
    }
    assertEquals(20_008, disk.sizeBytes(FIRST));
  }

  @Test
  void garbageBehindTheEndIsWiped() {
    create().close();
    WalEnd end = Wal.verify(disk, LOG, SnapshotNote.NONE).end();
    try (DiskFile file = disk.open(FIRST, Disk.Mode.READ_WRITE)) {
      file.write(end.offsetBytes() + 512, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
    }
    try (Wal wal = Wal.open(disk, LOG, SnapshotNote.NONE, SMALL)) {
      wal.readAll();
    }
    byte[] bytes = disk.bytes(FIRST);
    assertEquals(SMALL.segmentBytes(), bytes.length);
    for (int i = (int) end.offsetBytes(); i < bytes.length; i++) {
      assertEquals(0, bytes[i]);
    }
  }

  @Test
  void whatACutLeftUnfinishedIsRemoved() {
    create().close();
    Path part = LOG.resolve("1.tmp");
    disk.open(part, Disk.Mode.CREATE_NEW).close();
    Path other = LOG.resolve("notes.tmp");
    disk.open(other, Disk.Mode.CREATE_NEW).close();
    try (Wal wal = Wal.open(disk, LOG, SnapshotNote.NONE, SMALL)) {
      wal.readAll();
    }
    assertEquals(List.of(FIRST, other), disk.list(LOG));
  }

  @Test
  void aLogIsMadeOnlyWhereNoneIs() {
    disk.makeDirectories(LOG);
    Path left = LOG.resolveSibling("wal.tmp");
    disk.makeDirectories(left);
    disk.open(left.resolve("half"), Disk.Mode.CREATE_NEW).close();
    create().close();
    assertFalse(disk.exists(left));
    refused(Code.EXISTS, "file already exists", this::create);
    disk.delete(FIRST);
    disk.open(LOG.resolve("other"), Disk.Mode.CREATE_NEW).close();
    refused(Code.EXISTS, "is not empty", this::create);
    disk.delete(LOG.resolve("other"));
  }

  @Test
  void aLogIsWrittenByOne() {
    try (Wal wal = create()) {
      refused(Code.LOCKED, "", () -> Wal.open(disk, LOG, SnapshotNote.NONE, SMALL));
      wal.save(HardState.EMPTY, List.of(entry(1, 1)));
      assertEquals(1, Wal.read(disk, LOG, SnapshotNote.NONE).entries().size());
    }
  }

  @Test
  void itIsReadOnceAndBeforeItIsWritten() {
    create().close();
    Wal wal = Wal.open(disk, LOG, SnapshotNote.NONE, SMALL);
    assertThrows(IllegalStateException.class, () -> wal.save(HardState.EMPTY, List.of()));
    wal.readAll();
    assertThrows(IllegalStateException.class, wal::readAll);
    wal.save(HardState.EMPTY, List.of(entry(1, 1)));
    wal.close();
    wal.close();
    refused(Code.CLOSED, "closed", wal::sync);
    refused(Code.CLOSED, "closed", wal::readAll);
    refused(Code.CLOSED, "closed", () -> wal.saveSnapshot(note(1, 1)));
    Wal unread = Wal.open(disk, LOG, SnapshotNote.NONE, SMALL);
    unread.close();
  }

  @Test
  void whatCouldNotBeReadIsRefusedWithoutEffect() {
    try (Wal wal = create()) {
      long before = Wal.verify(disk, LOG, SnapshotNote.NONE).end().offsetBytes();
      Entry large = new Entry(EntryType.NORMAL, 1, 1, new byte[10 << 20]);
      refused(
          Code.LIMIT,
          "wal: max entry size limit exceeded",
          () -> wal.save(HardState.EMPTY, List.of(large)));
      refused(Code.LIMIT, "slice", () -> wal.save(HardState.EMPTY, List.of(entry(1, 0))));
      refused(Code.LIMIT, "slice", () -> wal.append(HardState.EMPTY, List.of(entry(1, 2))));
      wal.sync();
      assertEquals(before, Wal.verify(disk, LOG, SnapshotNote.NONE).end().offsetBytes());
      wal.save(HardState.EMPTY, List.of(new Entry(EntryType.NORMAL, 1, 1, new byte[9 << 20])));
    }
    assertEquals(1, Wal.read(disk, LOG, SnapshotNote.NONE).entries().size());
  }

  @Test
  void aFailedSyncIsTheLastThingThatWasTried() {
    Wal wal = create();
    disk.failSyncs(FIRST::equals);
    StorageException first =
        refused(Code.IO, "synced", () -> wal.save(HardState.EMPTY, List.of(entry(1, 1))));
    disk.clearFaults();
    long operations = disk.operations();
    for (Runnable later :
        List.<Runnable>of(
            wal::sync,
            () -> wal.sync(1),
            () -> wal.save(HardState.EMPTY, List.of(entry(1, 2))),
            () -> wal.append(HardState.EMPTY, List.of(entry(1, 2))),
            () -> wal.saveSnapshot(note(1, 1)),
            () -> wal.release(1),
            wal::readAll)) {
      assertEquals(first.getMessage(), refused(Code.IO, "synced", later).getMessage());
    }
    wal.close();
    assertEquals(operations, disk.operations());
  }

  @Test
  void closingMakesDurableWhatWasAppended() {
    Wal wal = create();
    wal.append(new HardState(1, 7, 0), List.of(entry(1, 1)));
    assertEquals(1, syncs(wal::close));
    assertEquals(1, Wal.read(disk, LOG, SnapshotNote.NONE).entries().size());
  }

  /** A new leader's entry 2 replaced 2 and 3, and then a snapshot of 2 was noted. */
  @Test
  void whatWasReplacedBeforeTheSnapshotStaysAway() {
    try (Wal wal = create()) {
      wal.save(new HardState(1, 1, 1), List.of(entry(1, 1), entry(1, 2), entry(1, 3)));
      wal.save(new HardState(2, 2, 2), List.of(entry(2, 2)));
      wal.saveSnapshot(new SnapshotNote(2, 2, Optional.empty()));
    }
    SnapshotNote from = new SnapshotNote(2, 2, Optional.empty());
    assertEquals(List.of(), Wal.read(disk, LOG, from).entries());
    List<Long> handedOn = new ArrayList<>();
    Wal.read(disk, LOG, from, each -> handedOn.add(each.index()));
    assertEquals(List.of(3L, 2L), handedOn);
    try (Wal wal = Wal.open(disk, LOG, from, SMALL)) {
      assertEquals(List.of(), wal.readAll().entries());
      wal.save(new HardState(2, 2, 3), List.of(entry(2, 3)));
    }
    assertEquals(List.of(3L), indexes(Wal.read(disk, LOG, from).entries()));
  }

  /** A consumer's own failure leaves the log as it was. */
  @Test
  void aSinkMayThrow() {
    try (Wal wal = create()) {
      wal.save(HardState.EMPTY, List.of(entry(1, 1)));
    }
    long operations = disk.operations();
    try (Wal wal = Wal.open(disk, LOG, SnapshotNote.NONE, SMALL)) {
      assertThrows(
          ArithmeticException.class,
          () ->
              wal.readAll(
                  entry -> {
                    throw new ArithmeticException();
                  }));
      refused(Code.IO, "open the log anew", wal::sync);
    }
    assertEquals(operations, disk.operations());
  }
}
