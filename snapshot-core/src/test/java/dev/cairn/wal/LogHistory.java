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
import dev.cairn.testkit.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A life of a log, drawn from a seed: saves, new leaders that overwrite, notes of snapshots,
 * releases, purges, and starts after a crash that has left garbage or half a record. It tells
 * before each step what may be in the log from then on, and behind it what must be.
 */
final class LogHistory {
  static final Path LOG = Path.of("/data/wal");
  static final WalOptions OPTIONS = WalOptions.defaults().withSegmentBytes(1_504);
  private static final WalMetadata METADATA = new WalMetadata(7, 9);
  private static final int SECTOR_BYTES = 512;

  /** A record by its content; no two of a history are equal. */
  record Logical(RecordType type, ByteBuffer data) {}

  /**
   * What is promised.
   *
   * @param log every record that may have been written, in order
   * @param durable how many of them must be there
   * @param snapshot the newest that is noted durably
   * @param broken what the copy of a repaired segment must hold; null when there is none
   * @param clean whether the log must not end in half a record
   */
  record Promise(
      List<Logical> log, int durable, SnapshotNote snapshot, byte[] broken, boolean clean) {}

  private final SplittableRandom random;
  private final SimulatedDisk disk;
  private final Consumer<Promise> promises;
  private final List<Logical> log = new ArrayList<>();
  private final List<Long> terms = new ArrayList<>(List.of(0L));
  private int durable;
  private SnapshotNote snapshot = SnapshotNote.NONE;
  private HardState state = HardState.EMPTY;
  private byte[] broken;
  private Wal wal;

  private LogHistory(long seed, SimulatedDisk disk, Consumer<Promise> promises) {
    this.random = new SplittableRandom(seed);
    this.disk = disk;
    this.promises = promises;
  }

  static void prepare(SimulatedDisk disk) {
    disk.makeDirectories(LOG.getParent());
  }

  static void run(long seed, int steps, SimulatedDisk disk, Consumer<Promise> promises) {
    LogHistory history = new LogHistory(seed, disk, promises);
    try {
      history.wal = Wal.create(disk, LOG, METADATA, OPTIONS);
      history.add(RecordType.SNAPSHOT, SnapshotNote.NONE.encode());
      history.done(true);
      for (int i = 0; i < steps; i++) {
        history.step(i);
      }
    } finally {
      if (history.wal != null) {
        history.wal.close();
      }
    }
  }

  /** The rare ones come up in every history, however short. */
  private void step(int number) {
    switch (number % 16) {
      case 6, 14 -> noteSnapshot(number);
      case 9 -> restartOverGarbage();
      case 12 -> repairHalfARecord();
      case 15 -> reopen();
      default -> save();
    }
  }

  private void add(RecordType type, byte[] data) {
    log.add(new Logical(type, ByteBuffer.wrap(data)));
  }

  private void begun() {
    promises.accept(new Promise(List.copyOf(log), durable, snapshot, broken, false));
  }

  private void done(boolean clean) {
    durable = log.size();
    promises.accept(new Promise(List.copyOf(log), durable, snapshot, broken, clean));
  }

  private void save() {
    int kind = random.nextInt(8);
    List<Entry> entries = kind == 0 ? List.of() : entries(kind == 1);
    long last = terms.size() - 1L;
    long commit = entries.isEmpty() ? state.commit() + 1 : last;
    state = new HardState(terms.get((int) last) + (kind == 2 ? 1 : 0), random.nextInt(3), commit);
    entries.forEach(entry -> add(RecordType.ENTRY, entry.encode()));
    add(RecordType.STATE, state.encode());
    begun();
    HardState saved = state;
    orPoisoned(() -> wal.save(saved, entries));
    if (!entries.isEmpty()) {
      done(false);
    }
  }

  /** From the next index on; a new leader's from one before the last. */
  private List<Entry> entries(boolean overwrites) {
    long term = terms.get(terms.size() - 1) + (overwrites ? 1 : 0);
    if (overwrites && terms.size() - 2 > snapshot.index()) {
      terms.remove(terms.size() - 1);
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      byte[] data = new byte[8 + random.nextInt(random.nextInt(4) == 0 ? 2_500 : 300)];
      random.nextBytes(data);
      entries.add(new Entry(EntryType.NORMAL, Math.max(1, term), terms.size(), data));
      terms.add(Math.max(1, term));
    }
    return entries;
  }

  /** What was agreed on is durable before a snapshot of it is noted, as a server does. */
  private void noteSnapshot(int number) {
    orPoisoned(wal::sync);
    done(false);
    long index = terms.size() - 1L;
    if (index == snapshot.index()) {
      return;
    }
    commit(index);
    SnapshotNote note = new SnapshotNote(index, terms.get((int) index), Optional.empty());
    add(RecordType.SNAPSHOT, note.encode());
    begun();
    orPoisoned(() -> wal.saveSnapshot(note));
    snapshot = note;
    done(false);
    orPoisoned(() -> wal.release(note.index()));
    if (number % 16 == 14) {
      Wal.purge(disk, LOG, 1);
    }
  }

  private void commit(long index) {
    state = new HardState(state.term() + 1, state.vote(), index);
    add(RecordType.STATE, state.encode());
    begun();
    orPoisoned(() -> wal.save(state, List.of()));
    done(false);
  }

  private void reopen() {
    wal.close();
    done(true);
    open();
  }

  private void open() {
    wal = Wal.open(disk, LOG, snapshot, OPTIONS);
    wal.readAll();
  }

  /** Sectors of a write whose first one was lost: the log ends before, and they stand behind. */
  private void restartOverGarbage() {
    wal.close();
    done(true);
    WalEnd end = Wal.verify(disk, LOG, snapshot).end();
    byte[] garbage = new byte[6 * SECTOR_BYTES];
    random.nextBytes(garbage);
    write(end, (int) (SECTOR_BYTES - end.offsetBytes() % SECTOR_BYTES), garbage);
    open();
    byte[] data = new byte[5 * SECTOR_BYTES];
    random.nextBytes(data);
    Entry entry = new Entry(EntryType.NORMAL, Math.max(1, state.term()), terms.size(), data);
    terms.add(entry.term());
    add(RecordType.ENTRY, entry.encode());
    begun();
    orPoisoned(() -> wal.save(HardState.EMPTY, List.of(entry)));
    done(false);
  }

  private void write(WalEnd end, int behind, byte[] bytes) {
    try (DiskFile file = disk.open(end.segment(), Disk.Mode.READ_WRITE)) {
      file.write(end.offsetBytes() + behind, ByteBuffer.wrap(bytes));
    }
  }

  private void repairHalfARecord() {
    wal.close();
    done(true);
    WalEnd end = Wal.verify(disk, LOG, snapshot).end();
    promises.accept(new Promise(List.copyOf(log), durable, snapshot, broken, false));
    byte[] half = new byte[5 * SECTOR_BYTES];
    half[0] = (byte) 0xf0;
    half[1] = 0x08;
    half[8] = 0x08;
    half[9] = 0x02;
    write(end, 0, half);
    wal = Wal.open(disk, LOG, snapshot, OPTIONS);
    StorageException eof = assertThrows(StorageException.class, wal::readAll);
    if (eof.code() == Code.IO) {
      throw eof;
    }
    assertTrue(eof.getMessage().contains("unexpected EOF"), eof::getMessage);
    wal.close();
    byte[] whole = disk.bytes(end.segment());
    // Until it is done, the copy of an earlier repair may be there, or half of the new one.
    broken = null;
    begun();
    assertTrue(Wal.repair(disk, LOG));
    broken = whole;
    done(true);
    assertFalse(Wal.repair(disk, LOG));
    open();
  }

  /** A call that fails makes every later one fail alike. */
  private void orPoisoned(Runnable call) {
    try {
      call.run();
    } catch (StorageException failed) {
      for (Runnable later :
          List.<Runnable>of(
              wal::sync,
              () -> wal.save(new HardState(99, 9, 9), List.of()),
              () -> wal.saveSnapshot(SnapshotNote.NONE),
              () -> wal.release(1))) {
        StorageException again = assertThrows(StorageException.class, later::run);
        assertEquals(failed.getMessage(), again.getMessage());
        assertEquals(failed.code(), again.code());
      }
      throw failed;
    }
  }

  /** A start after the cut: it may have to repair, and may itself be cut. */
  static void recover(SimulatedDisk disk) {
    if (hasLog(disk)) {
      openRepaired(disk, newest(disk)).close();
    }
  }

  private static boolean hasLog(SimulatedDisk disk) {
    return disk.exists(LOG)
        && disk.list(LOG).stream().anyMatch(each -> SegmentName.of(each).isPresent());
  }

  private static SnapshotNote newest(Disk disk) {
    List<SnapshotNote> valid = Wal.validSnapshots(disk, LOG);
    return valid.get(valid.size() - 1);
  }

  private static Wal openRepaired(Disk disk, SnapshotNote from) {
    Wal first = Wal.open(disk, LOG, from, OPTIONS);
    try {
      first.readAll();
      return first;
    } catch (StorageException torn) {
      first.close();
      assertTrue(torn.getMessage().contains("unexpected EOF"), torn::getMessage);
    }
    assertTrue(Wal.repair(disk, LOG));
    Wal second = Wal.open(disk, LOG, from, OPTIONS);
    second.readAll();
    return second;
  }

  static void check(SimulatedDisk disk, List<Promise> promises) {
    if (promises.isEmpty()) {
      assertTrue(!hasLog(disk) || Wal.verify(disk, LOG, SnapshotNote.NONE) != null);
      return;
    }
    Promise promise = promises.get(promises.size() - 1);
    List<Logical> found = new ArrayList<>();
    collect(disk, found);
    checkRecords(found, promise);
    SnapshotNote from = newest(disk);
    assertTrue(from.index() >= promise.snapshot().index(), () -> "only " + from + " is valid");
    WalContent content = Wal.read(disk, LOG, from);
    assertFalse(promise.clean() && content.end().torn(), "half a record");
    // A repair after the cut may have made another copy.
    if (promise.clean() && promise.broken() != null) {
      checkBroken(disk, promise.broken());
    }
    int known = checkContent(promise, from, content);
    checkGoesOn(disk, from, content, promise, known);
    assertEquals(List.of(), disk.openFiles());
  }

  /**
   * What a write leaves that failed within a sector is no torn record to a reader; but all that was
   * promised stands before it.
   */
  static void checkBeforeDamage(SimulatedDisk disk, List<Promise> promises) {
    try {
      check(disk, promises);
    } catch (StorageException damaged) {
      assertEquals(Code.CORRUPT, damaged.code());
      List<Logical> found = new ArrayList<>();
      assertThrows(StorageException.class, () -> collect(disk, found));
      if (!promises.isEmpty()) {
        checkRecords(found, promises.get(promises.size() - 1));
      }
    }
  }

  private static void collect(Disk disk, List<Logical> found) {
    try (WalReader reader = WalReader.open(disk, SegmentName.list(disk, LOG))) {
      boolean head = false;
      for (WalRecord record = reader.next(); record != null; record = reader.next()) {
        boolean extra =
            record.type() == RecordType.CRC
                || record.type() == RecordType.METADATA
                || (head && record.type() == RecordType.STATE);
        if (!extra) {
          found.add(new Logical(record.type(), ByteBuffer.wrap(record.data())));
        }
        head = record.type() == RecordType.METADATA;
      }
    }
  }

  /** All that is left of the log stands in the order of the calls, without a hole. */
  private static void checkRecords(List<Logical> found, Promise promise) {
    if (!found.isEmpty()) {
      int from = promise.log().indexOf(found.get(0));
      assertTrue(from >= 0, "a record that nobody wrote");
      int to = from + found.size();
      assertTrue(to >= promise.durable(), () -> to + " of " + promise.durable() + " records");
      assertTrue(to <= promise.log().size(), "records that nobody wrote");
      assertEquals(promise.log().subList(from, to), found);
    }
  }

  /** It reads as if it had ended behind one of the records that need not be there. */
  private static int checkContent(Promise promise, SnapshotNote from, WalContent content) {
    for (int end = promise.durable(); end <= promise.log().size(); end++) {
      if (isContent(promise.log().subList(0, end), from, content)) {
        return end;
      }
    }
    throw new AssertionError(
        "%d entries behind %s and %s are not what was saved"
            .formatted(content.entries().size(), from, content.hardState()));
  }

  private static boolean isContent(List<Logical> log, SnapshotNote from, WalContent content) {
    List<Entry> entries = new ArrayList<>();
    HardState state = HardState.EMPTY;
    for (Logical each : log) {
      if (each.type() == RecordType.STATE) {
        state = HardState.decode(each.data().array());
      } else if (each.type() == RecordType.ENTRY) {
        Entry entry = Entry.decode(each.data().array());
        entries.removeIf(other -> other.index() >= entry.index());
        entries.add(entry);
      }
    }
    entries.removeIf(entry -> entry.index() <= from.index());
    return content.hardState().equals(state)
        && content.entries().stream()
            .map(entry -> ByteBuffer.wrap(entry.encode()))
            .toList()
            .equals(entries.stream().map(entry -> ByteBuffer.wrap(entry.encode())).toList());
  }

  private static void checkBroken(SimulatedDisk disk, byte[] wanted) {
    List<Path> copies =
        disk.list(LOG).stream().filter(each -> each.toString().endsWith(".broken")).toList();
    assertFalse(copies.isEmpty(), "the copy is gone");
    boolean whole = false;
    for (Path copy : copies) {
      whole |= Arrays.equals(wanted, disk.bytes(copy));
    }
    assertTrue(whole, "the copy is not whole");
  }

  /** What is saved next stands behind all that. */
  private static void checkGoesOn(
      SimulatedDisk disk, SnapshotNote from, WalContent before, Promise promise, int known) {
    long next = from.index() + before.entries().size() + 1;
    byte[] data = new byte[900];
    new SplittableRandom(known).nextBytes(data);
    try (Wal wal = openRepaired(disk, from)) {
      wal.save(new HardState(77, 7, next), List.of(new Entry(EntryType.NORMAL, 77, next, data)));
    }
    WalContent after = Wal.read(disk, LOG, from);
    assertEquals(before.entries().size() + 1, after.entries().size());
    assertArrayEquals(data, after.entries().get(before.entries().size()).data());
    assertEquals(new HardState(77, 7, next), after.hardState());
    assertFalse(after.end().torn());
    assertTrue(promise.log().size() >= known);
  }
}
