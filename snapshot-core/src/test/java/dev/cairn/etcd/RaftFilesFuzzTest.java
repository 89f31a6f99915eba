package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.cairn.snap.RaftSnapshot;
import dev.cairn.snap.SnapFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.TestRun;
import dev.cairn.wal.ConfChange;
import dev.cairn.wal.ConfState;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import dev.cairn.wal.HardState;
import dev.cairn.wal.MemoryDisk;
import dev.cairn.wal.RaftFixture;
import dev.cairn.wal.SegmentName;
import dev.cairn.wal.SnapshotNote;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.WalRecord;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Mutated files of the real etcd: each is read to an end or to a typed error, and costs no more
 * memory than a file of its size may.
 */
class RaftFilesFuzzTest {
  private static final long SEED = TestRun.seed(RaftFilesFuzzTest.class);
  private static final long ALLOCATED_BYTES_MAX = 4 << 20;
  private static final Path FIRST = Path.of("/log", RaftFixture.FIRST_SEGMENT);
  private static final Path SECOND = Path.of("/log", new SegmentName(1, 13).fileName());
  private static final Path SNAP = Path.of("/snap", "a.snap");

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Map<Code, Integer> refused = new EnumMap<>(Code.class);
  private long allocatedMax;
  private int whole;

  /** Loads the classes, before what is allocated counts. */
  @BeforeAll
  static void warmUp() {
    byte[] log = RaftFixture.LIVE.bytes(RaftFixture.FIRST_SEGMENT);
    readLog(new MemoryDisk().put(FIRST, log), List.of(FIRST), true);
    readSnapshot(RaftFixture.WAL.bytes("0000000000000002-0000000000000065.snap"));
  }

  /** Runs something on an input; any exception but ours fails the test. */
  private void attempt(byte[] input, Consumer<byte[]> reader) {
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      reader.accept(input);
      whole++;
    } catch (StorageException typed) {
      assertTrue(typed.code() == Code.CORRUPT || typed.code() == Code.LIMIT, typed.getMessage());
      assertEquals(1, typed.getMessage().lines().count());
      refused.merge(typed.code(), 1, Integer::sum);
    }
    allocatedMax = Math.max(allocatedMax, threads.getCurrentThreadAllocatedBytes() - before);
  }

  private void finish(String what, int rounds) {
    assertEquals(rounds, whole + refused.values().stream().mapToInt(Integer::intValue).sum());
    assertTrue(whole > 0 && refused.get(Code.CORRUPT) > 0, refused::toString);
    assertTrue(allocatedMax < ALLOCATED_BYTES_MAX, "allocated " + allocatedMax);
    TestRun.report("fuzzed " + what, rounds);
  }

  @Test
  void logs() {
    List<byte[]> bases = new ArrayList<>();
    for (RaftFixture fixture :
        List.of(RaftFixture.LIVE, RaftFixture.RESTORED_M2, RaftFixture.RESTORED_SINGLE)) {
      bases.add(fixture.bytes(RaftFixture.FIRST_SEGMENT));
    }
    int rounds = TestRun.count(100_000, 2_000_000);
    for (int i = 0; i < rounds; i++) {
      byte[] first = Mutation.of(random, bases.get(random.nextInt(bases.size())));
      byte[] second = Mutation.of(random, bases.get(random.nextInt(bases.size())));
      List<Path> segments = random.nextInt(4) == 0 ? List.of(FIRST, SECOND) : List.of(FIRST);
      MemoryDisk disk = new MemoryDisk().put(FIRST, first).put(SECOND, second);
      boolean inspects = random.nextBoolean();
      attempt(first, input -> readLog(disk, segments, inspects));
      assertEquals(0, disk.open());
    }
    finish("logs", rounds);
  }

  private static void readLog(MemoryDisk disk, List<Path> segments, boolean inspects) {
    try (WalReader reader =
        inspects ? WalReader.inspect(disk, segments) : WalReader.open(disk, segments)) {
      for (WalRecord record = reader.next(); record != null; record = reader.next()) {
        decode(record);
      }
    }
  }

  private static void decode(WalRecord record) {
    switch (record.type()) {
      case METADATA -> record.metadata();
      case STATE -> record.hardState();
      case SNAPSHOT -> record.snapshot();
      case ENTRY -> decode(record.entry());
      default -> {}
    }
  }

  private static void decode(Entry entry) {
    if (entry.type() == EntryType.NORMAL) {
      RaftRequest.decode(entry.data());
    } else {
      ConfChange.decode(entry);
    }
  }

  /** What is in the records, mutated beneath their CRCs. */
  @Test
  void messages() {
    List<byte[]> bases = new ArrayList<>();
    MemoryDisk disk =
        new MemoryDisk().put(FIRST, RaftFixture.LIVE.bytes(RaftFixture.FIRST_SEGMENT));
    try (WalReader reader = WalReader.open(disk, List.of(FIRST))) {
      for (WalRecord record = reader.next(); record != null; record = reader.next()) {
        bases.add(record.data());
      }
    }
    bases.add(ConfState.of(List.of(1L, 2L, 3L)).encode());
    int rounds = TestRun.count(50_000, 1_000_000);
    for (int i = 0; i < rounds; i++) {
      byte[] input = Mutation.of(random, bases.get(random.nextInt(bases.size())));
      int kind = random.nextInt(6);
      attempt(input, bytes -> decode(kind, bytes));
    }
    finish("messages", rounds);
  }

  private static void decode(int kind, byte[] bytes) {
    switch (kind) {
      case 0 -> decode(Entry.decode(bytes));
      case 1 -> HardState.decode(bytes);
      case 2 -> SnapshotNote.decode(bytes);
      case 3 -> ConfState.decode(bytes);
      case 4 -> RaftRequest.decode(bytes);
      default -> ConfChange.decode(new Entry(EntryType.CONF_CHANGE_V2, 1, 1, bytes));
    }
  }

  /** Mutated as they are, or beneath their CRC. */
  @Test
  void snapshots() {
    List<byte[]> bases =
        List.of(
            RaftFixture.WAL.bytes("0000000000000002-0000000000000065.snap"),
            RaftFixture.RESTORED_M2.bytes("0000000000000001-0000000000000003.snap"));
    int rounds = TestRun.count(50_000, 1_000_000);
    for (int i = 0; i < rounds; i++) {
      byte[] base = bases.get(random.nextInt(bases.size()));
      byte[] input = random.nextInt(8) == 0 ? Mutation.of(random, base) : mutatedBeneath(base);
      attempt(input, RaftFilesFuzzTest::readSnapshot);
    }
    finish("snapshots", rounds);
  }

  private static void readSnapshot(byte[] bytes) {
    RaftSnapshot snapshot = SnapFile.read(new MemoryDisk().put(SNAP, bytes), SNAP);
    V2Document.read(snapshot.data());
  }

  private byte[] mutatedBeneath(byte[] base) {
    // Of both files: a tag, 4 bytes of CRC, a tag, 2 bytes of length.
    int head = 8;
    byte[] data = new byte[base.length - head];
    System.arraycopy(base, head, data, 0, data.length);
    data = Mutation.of(random, data);
    CRC32C crc = new CRC32C();
    crc.update(data);
    ByteBuffer framed = ByteBuffer.allocate(data.length + 16);
    framed.put((byte) 0x08);
    putVarint(framed, crc.getValue());
    framed.put((byte) 0x12);
    putVarint(framed, data.length);
    framed.put(data);
    byte[] input = new byte[framed.position()];
    framed.flip().get(input);
    return input;
  }

  private static void putVarint(ByteBuffer into, long value) {
    long left = value;
    while (left >= 0x80) {
      into.put((byte) (left | 0x80));
      left >>>= 7;
    }
    into.put((byte) left);
  }
}
