package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.LocalDisk;
import dev.cairn.raft.MemberConfig;
import dev.cairn.raft.RaftMember;
import dev.cairn.raft.Recovered;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.snap.SnapFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import dev.cairn.wal.HardState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories of members whose parts do not match, are damaged, missing or in use. */
class MemberBadInputTest {
  private static final MemberConfig CONFIG = MemberConfig.engine("bbolt").withLockWaitMillisMax(0);
  private static final MemberFixture LOGGED = MemberFixture.logged();
  private static final String IMAGE = "0000000000000194.snap.db";
  private static final String SEGMENT = "0000000000000000-0000000000000000.wal";

  @TempDir Path directory;
  private Path data;
  private Path snap;
  private Path wal;

  @BeforeEach
  void unpack() throws IOException {
    data = LOGGED.unpack(directory.resolve("data"));
    snap = data.resolve("member/snap");
    wal = data.resolve("member/wal");
  }

  private byte[] olderDatabase() throws IOException {
    return MemberFixture.live().database();
  }

  /**
   * Every file but the database itself, which an engine may tidy up when it is opened. What is
   * preallocated of a segment says nothing.
   */
  private Map<String, Integer> files() throws IOException {
    Map<String, Integer> files = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(data)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        boolean database = file.equals(snap.resolve("db"));
        files.put(file.toString(), database ? 0 : hashWithoutTail(Files.readAllBytes(file)));
      }
    }
    return files;
  }

  private static int hashWithoutTail(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return Arrays.hashCode(Arrays.copyOf(bytes, end));
  }

  private void refused(Code code, String words) throws IOException {
    Map<String, Integer> before = files();
    StorageException e = assertThrows(StorageException.class, () -> RaftMember.open(data, CONFIG));
    assertTrue(e.getMessage().contains(words), e::getMessage);
    assertEquals(code, e.code(), e::getMessage);
    assertEquals(before, files());
  }

  private Recovered opened() {
    try (RaftMember member = RaftMember.open(data, CONFIG)) {
      return member.recovered();
    }
  }

  @Test
  void anOldDatabaseWithoutTheImage() throws IOException {
    Files.write(snap.resolve("db"), olderDatabase());
    refused(Code.NOT_FOUND, "failed to find database snapshot file");
    refused(Code.NOT_FOUND, "snap: snapshot file doesn't exist");
  }

  @Test
  void anOldDatabaseWithTheImage() throws IOException {
    Files.write(snap.resolve("db"), olderDatabase());
    Files.write(snap.resolve(IMAGE), LOGGED.database());
    Recovered found = opened();
    assertTrue(found.imageInstalled());
    assertEquals(412, found.appliedIndex());
    assertFalse(Files.exists(snap.resolve(IMAGE)));
    assertFalse(opened().imageInstalled());
  }

  @Test
  void noDatabaseButTheImage() throws IOException {
    Files.move(snap.resolve("db"), snap.resolve(IMAGE));
    assertTrue(opened().imageInstalled());
    assertEquals(412, opened().appliedIndex());
  }

  @Test
  void aNewerDatabaseIsKeptBesideAnImage() throws IOException {
    Files.write(snap.resolve(IMAGE), LOGGED.database());
    assertFalse(opened().imageInstalled());
    assertTrue(Files.exists(snap.resolve(IMAGE)));
  }

  @Test
  void anImageThatIsOlderThanTheSnapshot() throws IOException {
    Files.write(snap.resolve("db"), olderDatabase());
    Files.write(snap.resolve(IMAGE), olderDatabase());
    refused(Code.CORRUPT, "database file (index 12) does not match with snapshot (index 404)");
  }

  @Test
  void anImageThatIsNone() throws IOException {
    Files.write(snap.resolve("db"), olderDatabase());
    Files.write(snap.resolve(IMAGE), new byte[8192]);
    refused(Code.CORRUPT, IMAGE);
  }

  /** The database stays that of the engine which the image is of. */
  @Test
  void anImageOfAnotherEngine() throws IOException {
    Files.delete(snap.resolve("db"));
    try (Store store = Store.open(snap.resolve("db"), StoreConfig.engine("lmdb"))) {
      store.commit();
    }
    Files.write(snap.resolve(IMAGE), LOGGED.database());
    MemberConfig lmdb = MemberConfig.engine("lmdb");
    for (int start = 0; start < 2; start++) {
      try (RaftMember member = RaftMember.open(data, lmdb)) {
        assertEquals("bbolt", member.store().engine().info().name());
        assertEquals(412, member.appliedIndex());
        assertEquals(start == 0, member.recovered().imageInstalled());
      }
    }
  }

  @Test
  void noDatabaseAtAll() throws IOException {
    Files.delete(snap.resolve("db"));
    refused(Code.NOT_FOUND, "failed to find database snapshot file");
    for (String name : MemberFixture.OF_WAL) {
      Files.delete(snap.resolve(name));
    }
    refused(Code.NOT_FOUND, "database file of the backend is missing");
  }

  @Test
  void aDatabaseThatIsAheadOfTheLog() throws IOException {
    data = MemberFixture.live().unpack(directory.resolve("live"));
    snap = data.resolve("member/snap");
    Files.write(snap.resolve("db"), LOGGED.database());
    refused(Code.CORRUPT, "ends with entry 12, but the database holds entry 412");
  }

  /** A snapshot that the log does not know is passed over, and so is one that is damaged. */
  @Test
  void aSnapshotThatTheLogDoesNotKnow() throws IOException {
    Path newest = snap.resolve(MemberFixture.OF_WAL.get(3));
    RaftSnapshot snapshot = SnapFile.read(LocalDisk.INSTANCE, newest);
    Files.delete(newest);
    RaftSnapshot other =
        new RaftSnapshot(snapshot.index(), 3, snapshot.confState(), snapshot.data());
    Path unknown = SnapFile.write(LocalDisk.INSTANCE, snap, other);
    assertEquals(303, opened().snapshot().index());
    assertTrue(Files.exists(unknown));
    byte[] bytes = Files.readAllBytes(snap.resolve(MemberFixture.OF_WAL.get(2)));
    bytes[bytes.length / 2] ^= 1;
    Files.write(snap.resolve(MemberFixture.OF_WAL.get(2)), bytes);
    assertEquals(202, opened().snapshot().index());
    Path broken = snap.resolve(MemberFixture.OF_WAL.get(2) + ".broken");
    assertArrayEquals(bytes, Files.readAllBytes(broken));
  }

  @Test
  void noSnapshotButTheWholeLog() throws IOException {
    for (String name : MemberFixture.OF_WAL) {
      Files.delete(snap.resolve(name));
    }
    try (RaftMember member = RaftMember.open(data, CONFIG)) {
      assertEquals(0, member.recovered().snapshot().index());
      assertEquals(1, member.log().firstIndex());
      assertEquals(412, member.appliedIndex());
      assertEquals("alphaw", member.membership().members().get(0).name());
    }
  }

  @Test
  void aDocumentThatIsNone() throws IOException {
    Path newest = snap.resolve(MemberFixture.OF_WAL.get(3));
    RaftSnapshot old = SnapFile.read(LocalDisk.INSTANCE, newest);
    SnapFile.write(
        LocalDisk.INSTANCE,
        snap,
        new RaftSnapshot(old.index(), old.term(), old.confState(), new byte[] {'{'}));
    refused(Code.CORRUPT, "no v2 document");
  }

  @Test
  void halfARecordIsCutOff() throws IOException {
    byte[] log = Files.readAllBytes(wal.resolve(SEGMENT));
    byte[] torn = Arrays.copyOf(log, log.length + 2);
    torn[log.length] = (byte) 0xf0;
    torn[log.length + 1] = 8;
    Files.write(wal.resolve(SEGMENT), torn);
    assertTrue(opened().repaired());
    assertTrue(Files.exists(wal.resolve(SEGMENT + ".broken")));
    Recovered again = opened();
    assertFalse(again.repaired());
    assertEquals(413, again.commit());
  }

  @Test
  void damageInTheLog() throws IOException {
    byte[] log = Files.readAllBytes(wal.resolve(SEGMENT));
    log[20_000] ^= 1;
    Files.write(wal.resolve(SEGMENT), log);
    refused(Code.CORRUPT, SEGMENT);
  }

  @Test
  void noLog() throws IOException {
    Files.delete(wal.resolve(SEGMENT));
    refused(Code.NOT_FOUND, "wal: file not found");
  }

  @Test
  void noMember() {
    Path nothing = directory.resolve("nothing");
    StorageException e =
        assertThrows(StorageException.class, () -> RaftMember.open(nothing, CONFIG));
    assertEquals(Code.NOT_FOUND, e.code());
    assertFalse(Files.exists(nothing));
  }

  @Test
  void aDatabaseInUseIsWaitedFor() throws Exception {
    RaftMember first = RaftMember.open(data, CONFIG);
    StorageException e = assertThrows(StorageException.class, () -> RaftMember.open(data, CONFIG));
    assertEquals(Code.LOCKED, e.code());
    MemberConfig patient = CONFIG.withLockWaitMillisMax(TimeUnit.MINUTES.toMillis(5));
    CompletableFuture<Long> second =
        CompletableFuture.supplyAsync(
            () -> {
              try (RaftMember member = RaftMember.open(data, patient)) {
                return member.appliedIndex();
              }
            });
    Thread.sleep(100);
    assertFalse(second.isDone());
    first.close();
    assertEquals(412, second.get(5, TimeUnit.MINUTES));
  }

  private static Entry entry(long index, byte... bytes) {
    return new Entry(EntryType.NORMAL, 3, index, bytes);
  }

  @Test
  void entriesThatAreNotTheNext() {
    try (RaftMember member = RaftMember.open(data, CONFIG)) {
      List<Entry> replay = member.recovered().replay();
      assertThrows(
          IllegalArgumentException.class,
          () -> member.apply(List.of(entry(414)), (tx, entry) -> {}));
      member.apply(replay, (tx, entry) -> {});
      assertThrows(IllegalArgumentException.class, () -> member.apply(replay, (tx, each) -> {}));
      assertThrows(
          IllegalArgumentException.class,
          () -> member.apply(List.of(entry(414)), (tx, entry) -> {}),
          "not agreed on yet");
      assertThrows(
          IllegalArgumentException.class,
          () -> member.persist(new HardState(3, 1, 413), List.of(entry(413))));
      assertEquals(413, member.appliedIndex());
    }
  }

  @Test
  void nothingIsAppliedAfterAFailure() {
    try (RaftMember member = RaftMember.open(data, CONFIG)) {
      IllegalStateException ours = new IllegalStateException("ours");
      List<Entry> two = List.of(entry(414), entry(415));
      member.apply(member.recovered().replay(), (tx, entry) -> {});
      member.persist(new HardState(3, 1, 415), two);
      assertEquals(
          ours,
          assertThrows(
              IllegalStateException.class,
              () ->
                  member.apply(
                      two,
                      (tx, entry) -> {
                        if (entry.index() == 415) {
                          throw ours;
                        }
                      })));
      assertEquals(413, member.appliedIndex());
      StorageException halted =
          assertThrows(StorageException.class, () -> member.apply(two, (tx, entry) -> {}));
      assertTrue(halted.getMessage().contains("nothing is applied after a failure"));
      assertThrows(StorageException.class, member::snapshot);
    }
    assertEquals(List.of(414L, 415L), opened().replay().stream().map(Entry::index).toList());
  }

  /** Without its image a snapshot must not come into the log, which then begins behind it. */
  @Test
  void aReceivedSnapshotWithoutItsImage() {
    try (RaftMember member = RaftMember.open(data, CONFIG)) {
      RaftSnapshot snapshot =
          new RaftSnapshot(500, 3, member.membership().confState(), member.membership().document());
      StorageException e =
          assertThrows(
              StorageException.class,
              () -> member.persist(new HardState(3, 1, 500), List.of(), snapshot));
      assertEquals(Code.NOT_FOUND, e.code());
      assertEquals(413, member.log().lastIndex());
    }
    assertEquals(404, opened().snapshot().index());
  }
}
