package dev.cairn.engine.mapdb;

import static dev.cairn.engine.mapdb.Disks.fingerprint;
import static dev.cairn.engine.mapdb.Disks.flipped;
import static dev.cairn.engine.mapdb.Stores.CONFIG;
import static dev.cairn.engine.mapdb.Stores.READ_ONLY;
import static dev.cairn.engine.mapdb.Stores.USERS;
import static dev.cairn.engine.mapdb.Stores.assertCode;
import static dev.cairn.engine.mapdb.Stores.hash;
import static dev.cairn.engine.mapdb.Stores.puts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.support.Identity;
import dev.cairn.spi.Backend;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Journals that were left, whole or not. */
class MapDbJournalTest {
  private static final Path STORE = Path.of("/db");
  private static final Path JOURNAL = Sidecars.journal(STORE);
  private static final int BATCHES = 6;

  private final long seed = TestRun.seed(getClass());
  private final SplittableRandom random = new SplittableRandom(seed);

  /** The content after each batch, and where the journal ended. */
  private final List<String> states = new ArrayList<>();

  private final List<Integer> ends = new ArrayList<>();

  /** As a kill leaves it. */
  private SimulatedDisk left;

  @BeforeEach
  void leaveAJournal() {
    SimulatedDisk disk = new SimulatedDisk(seed);
    try (Backend backend = new MapDbEngine(disk).open(STORE, CONFIG)) {
      note(backend, disk);
      for (int i = 0; i < BATCHES; i++) {
        backend.commit(puts(random, USERS, 5 + i, 300));
        note(backend, disk);
      }
      left = disk.copy();
    }
  }

  private void note(Backend backend, SimulatedDisk disk) {
    states.add(hash(backend));
    ends.add(disk.bytes(JOURNAL).length);
  }

  private static String read(SimulatedDisk disk) {
    Map<Path, Integer> before = fingerprint(disk);
    try (Backend backend = new MapDbEngine(disk).open(STORE, READ_ONLY)) {
      return hash(backend);
    } finally {
      assertEquals(before, fingerprint(disk), "reading changed something");
    }
  }

  private static String write(SimulatedDisk disk) {
    try (Backend backend = new MapDbEngine(disk).open(STORE, CONFIG)) {
      return hash(backend);
    } finally {
      assertEquals(List.of(), disk.openFiles());
    }
  }

  @Test
  void aWholeOneIsReplayedAndIsGoneAfterwards() {
    assertEquals(states.get(BATCHES), read(left));
    assertEquals(states.get(BATCHES), write(left));
    assertFalse(left.exists(JOURNAL));
    assertEquals(states.get(BATCHES), read(left));
  }

  @Test
  void everyCutOfTheLastRecordDropsIt() {
    int from = ends.get(BATCHES - 1);
    int last = ends.get(BATCHES) - Journal.SECTOR_BYTES;
    for (int length = from; length < last; length += 371) {
      SimulatedDisk cut = Disks.cut(left, JOURNAL, length);
      assertEquals(states.get(BATCHES - 1), read(cut));
      assertEquals(states.get(BATCHES - 1), write(cut));
    }
  }

  @Test
  void aCutAtTheEndOfARecordIsAnEarlierState() {
    for (int i = 0; i <= BATCHES; i++) {
      assertEquals(states.get(i), read(Disks.cut(left, JOURNAL, ends.get(i))));
    }
  }

  @Test
  void aFlipBeforeTheLastRecordIsCorruptOrDoesNotMatter() {
    int tries = TestRun.count(500, 20_000);
    int found = 0;
    for (int i = 0; i < tries; i++) {
      int at = random.nextInt(ends.get(BATCHES - 1));
      SimulatedDisk damaged = flipped(left, JOURNAL, at, 1 << random.nextInt(8));
      Map<Path, Integer> before = fingerprint(damaged);
      try {
        // What fills a record up to a sector may be anything.
        assertEquals(states.get(BATCHES), read(damaged));
      } catch (StorageException e) {
        assertTrue(e.code() == Code.CORRUPT || e.code() == Code.UNSUPPORTED, e::toString);
        assertCode(e.code(), () -> write(damaged));
        assertEquals(before, fingerprint(damaged));
        found++;
      }
    }
    TestRun.report("mapdb flips in journals", tries);
    TestRun.report("mapdb flips in journals found", found);
    assertTrue(found > tries * 8 / 10, "found only " + found);
  }

  @Test
  void aFlipInTheLastRecordDropsIt() {
    int from = ends.get(BATCHES - 1);
    int bytes = ends.get(BATCHES) - Journal.SECTOR_BYTES - from;
    for (int i = 0; i < 100; i++) {
      SimulatedDisk damaged = flipped(left, JOURNAL, from + random.nextInt(bytes), 0x10);
      assertEquals(states.get(BATCHES - 1), read(damaged));
    }
  }

  /** The mark that a checkpoint writes first makes the last record one that must be whole. */
  @Test
  void aFlipInTheLastRecordIsCorruptOnceACheckpointHasBegun() {
    byte[] journal = left.bytes(JOURNAL);
    byte[] marked = Arrays.copyOf(journal, ends.get(BATCHES) + Journal.SECTOR_BYTES);
    byte[] mark = mark(journal);
    System.arraycopy(mark, 0, marked, ends.get(BATCHES), mark.length);
    Disks.put(left, JOURNAL, marked);
    assertEquals(states.get(BATCHES), read(left));
    SimulatedDisk damaged = flipped(left, JOURNAL, ends.get(BATCHES - 1) + 600, 1);
    assertCode(Code.CORRUPT, () -> read(damaged));
    assertCode(Code.CORRUPT, () -> write(damaged));
  }

  /** A record without pages that says that all before it were synced. */
  private static byte[] mark(byte[] journal) {
    ByteBuffer record = ByteBuffer.allocate(Journal.SECTOR_BYTES);
    record.putInt(Journal.RECORD_MAGIC).putInt(0).putLong(BATCHES + 1).putLong(BATCHES).putInt(0);
    CRC32C sum = new CRC32C();
    sum.update(journal, Journal.MAGIC.length, Journal.HEADER_SUM_AT - Journal.MAGIC.length);
    sum.update(record.array(), 0, record.position());
    return record.putInt((int) sum.getValue()).array();
  }

  @Test
  void anotherStoresJournalIsNotReplayed() {
    SimulatedDisk other = new SimulatedDisk(2);
    new MapDbEngine(other).create(STORE);
    Disks.put(other, JOURNAL, left.bytes(JOURNAL));
    assertEquals(states.get(0), read(other));
    assertEquals(states.get(0), write(other));
    assertFalse(other.exists(JOURNAL));
  }

  @Test
  void aJournalWithoutAHeaderHasNeverBeenSynced() {
    SimulatedDisk fresh = new SimulatedDisk(2);
    new MapDbEngine(fresh).create(STORE);
    for (int length : new int[] {0, 100, 512, 5_000}) {
      Disks.put(fresh, JOURNAL, new byte[length]);
      assertEquals(states.get(0), read(fresh));
      assertEquals(states.get(0), write(fresh));
    }
  }

  @Test
  void aNewerJournalIsNamed() {
    byte[] journal = left.bytes(JOURNAL);
    byte[] newer = new Identity(7, "0".repeat(32)).encode();
    System.arraycopy(newer, 0, journal, (int) Journal.IDENTITY_AT, newer.length);
    Disks.put(left, JOURNAL, journal);
    StorageException refused = assertCode(Code.UNSUPPORTED, () -> write(left));
    assertTrue(refused.getMessage().contains("version 7"), refused.getMessage());
  }

  @Test
  void whatPinsLeftBehindIsRemoved() {
    Disks.put(left, Sidecars.spill(STORE), new byte[10_000]);
    assertEquals(states.get(BATCHES), read(left));
    assertTrue(left.exists(Sidecars.spill(STORE)));
    assertEquals(states.get(BATCHES), write(left));
    assertEquals(List.of(STORE), left.list(Path.of("/")));
  }
}
