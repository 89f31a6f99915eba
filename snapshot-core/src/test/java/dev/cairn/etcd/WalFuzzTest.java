package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import dev.cairn.wal.HardState;
import dev.cairn.wal.RaftFixture;
import dev.cairn.wal.SegmentName;
import dev.cairn.wal.SnapshotNote;
import dev.cairn.wal.Wal;
import dev.cairn.wal.WalContent;
import dev.cairn.wal.WalMetadata;
import dev.cairn.wal.WalOptions;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Directories of logs with damage of any kind, looked at, repaired, opened and gone on with: a
 * typed error of one line, or a log that can be read again; nothing changed by who only looks or
 * was refused, and no more memory taken than some multiple of the files.
 */
class WalFuzzTest {
  private static final long SEED = TestRun.seed(WalFuzzTest.class);
  private static final long ALLOCATED_BYTES_MAX = 8 << 20;
  private static final Path LOG = Path.of("/log");
  private static final WalOptions OPTIONS = WalOptions.defaults().withSegmentBytes(1 << 14);

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Map<Code, Integer> refused = new EnumMap<>(Code.class);
  private long allocatedMax;
  private int repaired;
  private int goneOn;

  @Test
  void directories() {
    List<List<byte[]>> bases = new ArrayList<>();
    for (RaftFixture fixture :
        List.of(RaftFixture.LIVE, RaftFixture.RESTORED_M2, RaftFixture.RESTORED_SINGLE)) {
      bases.add(List.of(fixture.bytes(RaftFixture.FIRST_SEGMENT)));
    }
    bases.add(cut());
    int rounds = TestRun.count(12_000, 1_000_000);
    for (int i = 0; i < rounds; i++) {
      round(bases.get(random.nextInt(bases.size())), i >= 100);
    }
    assertEquals(Set.of(Code.CORRUPT, Code.NOT_FOUND), refused.keySet());
    assertTrue(repaired > 0 && goneOn > 0);
    assertTrue(allocatedMax < ALLOCATED_BYTES_MAX, "allocated " + allocatedMax);
    TestRun.report("fuzzed directories of logs", rounds);
    TestRun.report("of them repaired", repaired);
    TestRun.report("of them gone on with", goneOn);
  }

  /** A log of three segments. */
  private static List<byte[]> cut() {
    SimulatedDisk disk = new SimulatedDisk(SEED);
    try (Wal wal = Wal.create(disk, LOG, new WalMetadata(1, 2), OPTIONS.withSegmentBytes(1_104))) {
      for (int i = 1; i <= 9; i++) {
        wal.save(
            new HardState(2, 1, i - 1), List.of(new Entry(EntryType.NORMAL, 2, i, new byte[300])));
      }
    }
    List<byte[]> segments = new ArrayList<>();
    SegmentName.list(disk, LOG).forEach(each -> segments.add(disk.bytes(each)));
    assertTrue(segments.size() >= 2, segments.size() + " segments");
    return segments;
  }

  private void round(List<byte[]> base, boolean counts) {
    SimulatedDisk disk = new SimulatedDisk(SEED);
    disk.makeDirectories(LOG);
    Map<Path, byte[]> files = mutated(disk, base);
    long before = threads.getCurrentThreadAllocatedBytes();
    List<SnapshotNote> notes = attempt(() -> Wal.validSnapshots(disk, LOG));
    SnapshotNote from =
        notes == null || notes.isEmpty() ? SnapshotNote.NONE : notes.get(notes.size() - 1);
    attempt(() -> Wal.verify(disk, LOG, from));
    assertSame(disk, files);
    WalContent content = open(disk, from, wal -> {});
    if (content == null) {
      assertSame(disk, files);
      Boolean cutOff = attempt(() -> Wal.repair(disk, LOG));
      if (cutOff == null || !cutOff) {
        assertSame(disk, files);
      } else {
        repaired++;
        content = open(disk, from, wal -> {});
      }
    }
    if (content != null) {
      goOn(disk, from, content);
    }
    assertEquals(List.of(), disk.openFiles());
    if (counts) {
      allocatedMax = Math.max(allocatedMax, threads.getCurrentThreadAllocatedBytes() - before);
    }
  }

  private Map<Path, byte[]> mutated(SimulatedDisk disk, List<byte[]> base) {
    Map<Path, byte[]> files = new TreeMap<>();
    int damaged = random.nextInt(base.size());
    long[] indexes = {0, 5, 9, 13};
    for (int i = 0; i < base.size(); i++) {
      byte[] bytes = i == damaged ? Mutation.of(random, base.get(i)) : base.get(i);
      boolean absent = base.size() > 1 && random.nextInt(20) == 0;
      if (!absent) {
        files.put(LOG.resolve(new SegmentName(i, indexes[i]).fileName()), bytes);
      }
    }
    files.forEach(
        (path, bytes) -> {
          try (DiskFile file = disk.open(path, Disk.Mode.CREATE_NEW)) {
            file.write(0, ByteBuffer.wrap(bytes));
          }
        });
    return files;
  }

  private static void assertSame(SimulatedDisk disk, Map<Path, byte[]> files) {
    assertEquals(List.copyOf(files.keySet()), disk.list(LOG));
    files.forEach((path, bytes) -> assertArrayEquals(bytes, disk.bytes(path)));
  }

  private <T> T attempt(Supplier<T> call) {
    try {
      return call.get();
    } catch (StorageException typed) {
      assertEquals(1, typed.getMessage().lines().count());
      refused.merge(typed.code(), 1, Integer::sum);
      return null;
    }
  }

  private WalContent open(SimulatedDisk disk, SnapshotNote from, Consumer<Wal> then) {
    return attempt(
        () -> {
          try (Wal wal = Wal.open(disk, LOG, from, OPTIONS)) {
            WalContent content = wal.readAll();
            then.accept(wal);
            return content;
          }
        });
  }

  /** Whatever was read can be written on, and is then read with what was saved. */
  private void goOn(SimulatedDisk disk, SnapshotNote from, WalContent content) {
    int count = content.entries().size();
    Entry next = new Entry(EntryType.NORMAL, 99, from.index() + count + 1, new byte[600]);
    if (next.index() == 0) {
      return;
    }
    WalContent again = open(disk, from, wal -> wal.save(new HardState(99, 1, 1), List.of(next)));
    assertEquals(count, again.entries().size());
    WalContent after = Wal.read(disk, LOG, from);
    assertEquals(count + 1, after.entries().size());
    assertEquals(99, after.entries().get(count).term());
    assertEquals(new HardState(99, 1, 1), after.hardState());
    goneOn++;
  }
}
