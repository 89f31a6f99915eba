package dev.cairn.snap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.DiskOperation.Kind;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.SimulatedDisk.Fault;
import dev.cairn.wal.RaftFixture;
import dev.cairn.wal.SnapshotNote;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotterTest {
  private static final String AT_101 = "0000000000000002-0000000000000065.snap";
  private static final String AT_202 = "0000000000000002-00000000000000ca.snap";
  private static final String AT_303 = "0000000000000002-000000000000012f.snap";
  private static final String AT_404 = "0000000000000002-0000000000000194.snap";
  private static final int IMAGE_BYTES = 1 << 20;

  @TempDir Path directory;
  private Snapshotter snapshotter;

  @BeforeEach
  void open() {
    snapshotter = Snapshotter.open(LocalDisk.INSTANCE, directory);
  }

  /** What a server of the real etcd left: four snapshots. */
  private void unpack(String... names) throws IOException {
    for (String name : names) {
      Files.write(directory.resolve(name), RaftFixture.WAL.bytes(name));
    }
  }

  private void touch(String... names) throws IOException {
    for (String name : names) {
      Files.createFile(directory.resolve(name));
    }
  }

  private String names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new))
          .toString();
    }
  }

  private static String names(List<Path> files) {
    return files.stream().map(file -> file.getFileName().toString()).toList().toString();
  }

  private static SnapshotNote note(long index, long term) {
    return new SnapshotNote(index, term, Optional.empty());
  }

  private static long indexOf(Optional<RaftSnapshot> snapshot) {
    return snapshot.map(RaftSnapshot::index).orElse(0L);
  }

  private static ReadableByteChannel channel(byte[] bytes) {
    return Channels.newChannel(new ByteArrayInputStream(bytes));
  }

  private static byte[] image(int fill) {
    byte[] image = new byte[IMAGE_BYTES];
    Arrays.fill(image, (byte) fill);
    return image;
  }

  @Test
  void aSnapshotIsSavedAsEtcdDoes() throws IOException {
    RaftSnapshot snapshot = Snapshots.of(0x65, 2);
    Path file = snapshotter.save(snapshot).orElseThrow();
    assertEquals(directory.resolve(AT_101).toAbsolutePath(), file);
    assertEquals("[" + AT_101 + "]", names());
    Snapshots.assertSame(snapshot, snapshotter.load().orElseThrow());
    assertEquals(file, snapshotter.save(snapshot).orElseThrow(), "a second time");
  }

  @Test
  void aSnapshotOfNothingIsNotSaved() throws IOException {
    assertEquals(Optional.empty(), snapshotter.save(RaftSnapshot.NONE));
    assertEquals("[]", names());
    assertEquals(Optional.empty(), snapshotter.load());
  }

  @Test
  void theNewestIsLoaded() throws IOException {
    unpack(AT_101, AT_202, AT_303, AT_404);
    assertEquals(404, indexOf(snapshotter.load()));
    Snapshotter later = Snapshotter.open(LocalDisk.INSTANCE, directory);
    later.save(Snapshots.of(7, 0x10));
    assertEquals(7, indexOf(later.load()), "by term first");
  }

  @ParameterizedTest
  @CsvSource({
    "101 202 303 404, 404",
    "101 202 303, 303", // the newest is an orphan: no note came after it
    "101 303, 303",
    "101, 101",
    "0, 0",
    "405, 0"
  })
  void theNewestThatTheLogKnowsIsLoaded(String known, long wanted) throws IOException {
    unpack(AT_101, AT_202, AT_303, AT_404);
    List<SnapshotNote> notes =
        Stream.of(known.split(" ")).map(index -> note(Long.parseLong(index), 2)).toList();
    assertEquals(wanted, indexOf(snapshotter.loadNewest(notes)));
    assertEquals("[%s, %s, %s, %s]".formatted(AT_101, AT_202, AT_303, AT_404), names());
  }

  @Test
  void theTermMattersToo() throws IOException {
    unpack(AT_303, AT_404);
    assertEquals(303, indexOf(snapshotter.loadNewest(List.of(note(404, 3), note(303, 2)))));
    assertEquals(0, indexOf(snapshotter.loadNewest(List.of())));
  }

  /** What is in a file counts, not what it is called. */
  @Test
  void theContentTellsWhichOneItIs() throws IOException {
    String wrong = "0000000000000009-0000000000000009.snap";
    Files.write(directory.resolve(wrong), RaftFixture.WAL.bytes(AT_101));
    assertEquals(0, indexOf(snapshotter.loadNewest(List.of(note(9, 9)))));
    assertEquals(101, indexOf(snapshotter.loadNewest(List.of(note(101, 2)))));
  }

  @Test
  void damagedFilesAreSetAsideAsTheyAreMet() throws IOException {
    unpack(AT_101, AT_202, AT_303, AT_404);
    flip(AT_404);
    flip(AT_101);
    Files.write(directory.resolve(AT_303), new byte[0]);
    byte[] damaged = Files.readAllBytes(directory.resolve(AT_404));
    touch("readme.txt", "db");
    assertEquals(202, indexOf(snapshotter.loadNewest(List.of(note(202, 2), note(404, 2)))));
    assertEquals(
        "[%s, %s, %s.broken, %s.broken, db, readme.txt]".formatted(AT_101, AT_202, AT_303, AT_404),
        names(),
        "the oldest one was not met");
    assertArrayEquals(damaged, Files.readAllBytes(directory.resolve(AT_404 + ".broken")));
    assertEquals(202, indexOf(snapshotter.load()));
    unpack(AT_404);
    flip(AT_404);
    assertEquals(202, indexOf(snapshotter.load()), "the name .broken is taken already");
  }

  private void flip(String name) throws IOException {
    Path file = directory.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void etcdsWordsTellWhatIsWrong() throws IOException {
    unpack(AT_101);
    flip(AT_101);
    touch("empty.snap");
    for (String[] each :
        new String[][] {{AT_101, "snap: crc mismatch"}, {"empty.snap", "snap: empty snapshot"}}) {
      Path file = directory.resolve(each[0]);
      StorageException refused =
          assertThrows(StorageException.class, () -> SnapFile.read(LocalDisk.INSTANCE, file));
      assertEquals(Code.CORRUPT, refused.code());
      assertTrue(refused.getMessage().startsWith(file + ": " + each[1]), refused.getMessage());
    }
  }

  /** A disk that fails for a moment must not cost a member its snapshot. */
  @Test
  void aFileThatCannotBeReadIsNotSetAside() {
    SimulatedDisk disk = new SimulatedDisk(1);
    Snapshotter simulated = Snapshotter.open(disk, Path.of("/"));
    Path older = simulated.save(Snapshots.of(5, 1)).orElseThrow();
    Path newer = simulated.save(Snapshots.of(6, 1)).orElseThrow();
    disk.inject(each -> each.kind() == Kind.READ, Fault.IO);
    assertEquals(Code.IO, assertThrows(StorageException.class, simulated::load).code());
    disk.clearFaults();
    assertEquals(List.of(older, newer), disk.list(Path.of("/")));
    assertEquals(6, indexOf(simulated.load()));
  }

  @Test
  void anImageIsReceived() throws IOException {
    byte[] sent = Arrays.copyOf(image(7), IMAGE_BYTES + 100);
    ReadableByteChannel in = channel(sent);
    Path file = snapshotter.receive(in, IMAGE_BYTES, 0xabc);
    assertEquals("[0000000000000abc.snap.db]", names());
    assertArrayEquals(image(7), Files.readAllBytes(file));
    assertEquals(file, snapshotter.database(0xabc));
    assertEquals(100, Channels.newInputStream(in).readAllBytes().length, "what follows is left");
  }

  /** As etcd's: a snapshot's by the umask, an image's private. */
  @Test
  void modesAreThoseOfEtcd() throws IOException {
    Path image = snapshotter.receive(channel(image(7)), IMAGE_BYTES, 1);
    Path snap = snapshotter.save(Snapshots.of(1, 1)).orElseThrow();
    touch("other");
    assertEquals(
        PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(image));
    assertEquals(
        Files.getPosixFilePermissions(directory.resolve("other")),
        Files.getPosixFilePermissions(snap));
  }

  @Test
  void anImageOfUnknownSizeIsReceived() throws IOException {
    Path file = snapshotter.receiveToEnd(channel(image(8)), 3);
    assertArrayEquals(image(8), Files.readAllBytes(file));
    assertEquals("[0000000000000003.snap.db]", names());
  }

  @Test
  void oneThatIsThereStays() throws IOException {
    Path file = snapshotter.receive(channel(image(1)), IMAGE_BYTES, 5);
    assertEquals(file, snapshotter.receive(channel(image(2)), IMAGE_BYTES, 5));
    assertArrayEquals(image(1), Files.readAllBytes(file));
    assertEquals("[0000000000000005.snap.db]", names());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -512, 1, 511, 513, Long.MIN_VALUE})
  void whatIsNoImageIsRefused(long imageBytes) throws IOException {
    StorageException refused =
        assertThrows(
            StorageException.class, () -> snapshotter.receive(channel(image(1)), imageBytes, 5));
    assertEquals(Code.CORRUPT, refused.code());
    assertEquals("[]", names());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 262144, 1048575})
  void anImageCutShortLeavesNothing(int bytes) throws IOException {
    byte[] cut = Arrays.copyOf(image(1), bytes);
    StorageException refused =
        assertThrows(
            StorageException.class, () -> snapshotter.receive(channel(cut), IMAGE_BYTES, 5));
    assertEquals(Code.UNAVAILABLE, refused.code());
    assertTrue(refused.getMessage().contains("after " + bytes + " of 1048576"));
    assertEquals("[]", names());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, 1048575})
  void anImageOfUnknownSizeThatIsNoneLeavesNothing(int bytes) throws IOException {
    byte[] cut = Arrays.copyOf(image(1), bytes);
    StorageException refused =
        assertThrows(StorageException.class, () -> snapshotter.receiveToEnd(channel(cut), 5));
    assertEquals(Code.CORRUPT, refused.code());
    assertEquals("[]", names());
  }

  @Test
  void aChannelThatFailsLeavesNothing() throws IOException {
    IOException broken = new IOException("broken off");
    assertEquals(
        broken,
        assertThrows(
            IOException.class,
            () -> snapshotter.receive(new FailingChannel(9_999, broken), IMAGE_BYTES, 5)));
    assertEquals(
        broken,
        assertThrows(
            IOException.class,
            () -> snapshotter.receiveToEnd(new FailingChannel(512 * 99, broken), 5)));
    assertEquals("[]", names());
  }

  @Test
  void anImageWithoutRoomIsRefusedBeforeItIsRead() {
    SimulatedDisk disk = new SimulatedDisk(1);
    long room = disk.freeBytes(Path.of("/"));
    Snapshotter simulated = Snapshotter.open(disk, Path.of("/"));
    StorageException refused =
        assertThrows(
            StorageException.class,
            () -> simulated.receive(new FailingChannel(0, new IOException("read")), room + 512, 5));
    assertEquals(Code.FULL, refused.code());
    assertEquals(0, disk.operations());
  }

  @Test
  void anAbsentImageIsNamedAsEtcdDoes() {
    StorageException refused =
        assertThrows(StorageException.class, () -> snapshotter.database(0x1f));
    assertEquals(Code.NOT_FOUND, refused.code());
    assertTrue(
        refused
            .getMessage()
            .endsWith("000000000000001f.snap.db: snap: snapshot file doesn't exist"));
  }

  @Test
  void openingRemovesWhatWasNeverFinished() throws IOException {
    touch("tmp123", "tmp0000000000000005-1", "db.tmp77", "db", AT_101 + ".part", "x.part");
    unpack(AT_202);
    Files.createDirectory(directory.resolve("tmpdir"));
    Snapshotter.open(LocalDisk.INSTANCE, directory);
    assertEquals("[" + AT_202 + ", db, tmpdir, x.part]", names());
    Path none = directory.resolve("none");
    StorageException refused =
        assertThrows(StorageException.class, () -> Snapshotter.open(LocalDisk.INSTANCE, none));
    assertEquals(Code.NOT_FOUND, refused.code());
  }

  @Test
  void oldImagesAreReleased() throws IOException {
    String[] all = {
      "0000000000000001.snap.db",
      "00000000000000ff.snap.db",
      "0000000000000100.snap.db",
      "ffffffffffffffff.snap.db"
    };
    touch(all);
    touch("nonsense.snap.db", "1.snap.db", AT_101, "db");
    assertEquals("[%s, %s]".formatted(all[0], all[1]), names(snapshotter.release(0x100)));
    assertFalse(Files.exists(directory.resolve(all[0])));
    for (String left : List.of(all[2], all[3], "nonsense.snap.db", "1.snap.db", AT_101, "db")) {
      assertTrue(Files.exists(directory.resolve(left)), left);
    }
    assertEquals("[]", names(snapshotter.release(0x100)), "nothing is left to release");
  }

  @ParameterizedTest
  @CsvSource({
    "5, 404, 0, 0",
    "4, 404, 0, 0",
    "3, 404, 1, 1",
    "2, 404, 2, 2",
    "1, 404, 3, 3",
    "1, 303, 2, 2", // the newest is not in the log: that one before it is needed
    "1, 202, 1, 1",
    "1, 101, 0, 0",
    "1, 0, 0, 0",
    "1, -1, 3, 3" // unsigned: everything is older
  })
  void oldFilesArePurgedUnlessTheyAreNeeded(int keep, long needed, int snaps, int databases)
      throws IOException {
    List<String> snap = List.of(AT_101, AT_202, AT_303, AT_404);
    unpack(AT_101, AT_202, AT_303, AT_404);
    List<String> database =
        Stream.of(101, 202, 303, 404).map(each -> "%016x.snap.db".formatted(each)).toList();
    touch(database.toArray(String[]::new));
    touch("old.snap", "db", AT_101 + ".broken");
    List<String> wanted =
        Stream.concat(database.subList(0, databases).stream(), snap.subList(0, snaps).stream())
            .toList();
    assertEquals(wanted.toString(), names(snapshotter.purge(keep, needed)));
    TreeSet<String> left = new TreeSet<>(snap);
    left.addAll(database);
    left.addAll(List.of("old.snap", "db", AT_101 + ".broken"));
    wanted.forEach(left::remove);
    assertEquals(left.toString(), names());
  }

  @Test
  void keepingNoneIsAMistake() {
    assertThrows(IllegalArgumentException.class, () -> snapshotter.purge(0, 1));
  }
}
