package dev.cairn.snap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.cairn.etcd.Mutation;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import dev.cairn.wal.ConfState;
import dev.cairn.wal.MemoryDisk;
import dev.cairn.wal.RaftFixture;
import dev.cairn.wal.SnapshotNote;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Mutated bodies and {@code .snap} files: each ends well or with a typed error, costs no more
 * memory than its size may, and leaves nothing half done.
 */
class SnapFuzzTest {
  private static final long SEED = TestRun.seed(SnapFuzzTest.class);
  private static final long ALLOCATED_BYTES_MAX = 4 << 20;
  private static final Set<Code> TYPED =
      EnumSet.of(Code.CORRUPT, Code.LIMIT, Code.UNAVAILABLE, Code.FULL);
  private static final Path DIRECTORY = Path.of("/snap");
  private static final Path SNAP = DIRECTORY.resolve("a.snap");

  /** Held, so that it stays quiet about each of thousands of files. */
  private static final Logger LOG = Logger.getLogger(Snapshotter.class.getName());

  private interface Reader {
    void read(byte[] input) throws IOException;
  }

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Map<Code, Integer> refused = new EnumMap<>(Code.class);
  private long allocatedMax;
  private int whole;

  /** What a server of the real etcd had in its snapshots, and a configuration with everything. */
  private static List<RaftSnapshot> snapshots() {
    List<RaftSnapshot> snapshots = new ArrayList<>();
    ConfState joint =
        new ConfState(List.of(1L, -1L), List.of(2L), List.of(3L, 4L), List.of(5L), true);
    snapshots.add(new RaftSnapshot(7, 6, joint, new byte[] {'{', '}'}));
    for (RaftFixture fixture : List.of(RaftFixture.WAL, RaftFixture.RESTORED_M2)) {
      String name =
          fixture == RaftFixture.WAL
              ? "0000000000000002-0000000000000065.snap"
              : "0000000000000001-0000000000000003.snap";
      snapshots.add(SnapFile.read(new MemoryDisk().put(SNAP, fixture.bytes(name)), SNAP));
    }
    return snapshots;
  }

  private static byte[] body(RaftSnapshot snapshot) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SnapshotBody.write(
        new SnapshotMessage(2, 1, 3, snapshot),
        new GivenImage(new byte[1024], 1024),
        Channels.newChannel(out));
    return out.toByteArray();
  }

  /** Loads the classes, before what is allocated counts. */
  @BeforeAll
  static void warmUp() throws IOException {
    for (RaftSnapshot snapshot : snapshots()) {
      receive(new SimulatedDisk(SEED), body(snapshot), true);
    }
  }

  private void attempt(byte[] input, Reader reader) throws IOException {
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      reader.read(input);
      whole++;
    } catch (StorageException typed) {
      assertTrue(TYPED.contains(typed.code()), typed.getMessage());
      assertEquals(1, typed.getMessage().lines().count());
      refused.merge(typed.code(), 1, Integer::sum);
    }
    allocatedMax = Math.max(allocatedMax, threads.getCurrentThreadAllocatedBytes() - before);
  }

  private void finish(String what, int rounds, Code... wanted) {
    assertEquals(rounds, whole + refused.values().stream().mapToInt(Integer::intValue).sum());
    assertTrue(whole > 0, "none was read");
    for (Code code : wanted) {
      assertTrue(refused.getOrDefault(code, 0) > 0, () -> code + " of " + refused);
    }
    assertTrue(allocatedMax < ALLOCATED_BYTES_MAX, "allocated " + allocatedMax);
    TestRun.report("fuzzed " + what, rounds);
  }

  private static void receive(SimulatedDisk disk, byte[] input, boolean lengthKnown)
      throws IOException {
    disk.makeDirectories(DIRECTORY);
    Snapshotter snapshotter = Snapshotter.open(disk, DIRECTORY);
    ReadableByteChannel in = Channels.newChannel(new ByteArrayInputStream(input));
    SnapshotBody body = SnapshotBody.read(in);
    Path file = lengthKnown ? body.save(snapshotter, input.length) : body.saveToEnd(snapshotter);
    assertEquals(file, snapshotter.database(body.message().snapshot().index()));
    assertEquals(input.length - headBytes(input), disk.sizeBytes(file));
  }

  private static long headBytes(byte[] body) {
    return Long.BYTES + ByteBuffer.wrap(body).getLong();
  }

  /** Their heads, their lengths, their messages and their ends. */
  @Test
  void bodies() throws IOException {
    List<byte[]> bases = new ArrayList<>();
    for (RaftSnapshot snapshot : snapshots()) {
      bases.add(body(snapshot));
    }
    int rounds = TestRun.count(80_000, 1_000_000);
    for (int i = 0; i < rounds; i++) {
      byte[] base = bases.get(random.nextInt(bases.size()));
      byte[] input = random.nextInt(4) == 0 ? Mutation.of(random, base) : mutatedMessage(base);
      boolean lengthKnown = random.nextBoolean();
      SimulatedDisk disk = new SimulatedDisk(SEED);
      int wholeBefore = whole;
      attempt(input, bytes -> receive(disk, bytes, lengthKnown));
      assertEquals(whole - wholeBefore, disk.exists(DIRECTORY) ? disk.list(DIRECTORY).size() : 0);
      assertEquals(List.of(), disk.openFiles());
    }
    finish("bodies of snapshots", rounds, Code.CORRUPT, Code.LIMIT, Code.UNAVAILABLE);
  }

  /** With a length that fits it. */
  private byte[] mutatedMessage(byte[] base) {
    int head = (int) headBytes(base);
    byte[] message = new byte[head - Long.BYTES];
    System.arraycopy(base, Long.BYTES, message, 0, message.length);
    message = Mutation.of(random, message);
    ByteBuffer input = ByteBuffer.allocate(Long.BYTES + message.length + base.length - head);
    input.putLong(message.length).put(message).put(base, head, base.length - head);
    return input.array();
  }

  /** Most fail at their CRC, so every other one is read without it. */
  @Test
  void snapFiles() throws IOException {
    List<byte[]> bases = new ArrayList<>();
    SimulatedDisk source = new SimulatedDisk(SEED);
    for (RaftSnapshot snapshot : snapshots()) {
      bases.add(source.bytes(SnapFile.write(source, Path.of("/"), snapshot)));
    }
    int rounds = TestRun.count(120_000, 1_000_000);
    for (int i = 0; i < rounds; i++) {
      byte[] input = Mutation.of(random, bases.get(random.nextInt(bases.size())));
      attempt(
          input,
          bytes -> {
            MemoryDisk disk = new MemoryDisk().put(SNAP, bytes);
            if (random.nextBoolean()) {
              SnapFile.read(disk, SNAP);
            } else {
              SnapFile.inspect(disk, SNAP);
            }
            assertEquals(0, disk.open());
          });
    }
    finish("snap files", rounds, Code.CORRUPT);
  }

  /** What is damaged is set aside, and the one before it is found. */
  @Test
  void startsBesideDamage() {
    byte[] base = RaftFixture.WAL.bytes("0000000000000002-0000000000000065.snap");
    List<SnapshotNote> notes = List.of(new SnapshotNote(101, 2, Optional.empty()));
    int rounds = TestRun.count(2_000, 20_000);
    int setAside = 0;
    LOG.setLevel(Level.OFF);
    for (int i = 0; i < rounds; i++) {
      byte[] input = Mutation.of(random, base);
      SimulatedDisk disk = new SimulatedDisk(SEED);
      Path older = put(disk, "0000000000000002-0000000000000065.snap", base);
      Path newer = put(disk, "0000000000000002-00000000000000ca.snap", input);
      Snapshotter snapshotter = Snapshotter.open(disk, Path.of("/"));
      assertEquals(101, snapshotter.loadNewest(notes).orElseThrow().index());
      assertArrayEquals(base, disk.bytes(older));
      boolean aside = !disk.exists(newer);
      Path left = aside ? newer.resolveSibling(newer.getFileName() + ".broken") : newer;
      assertArrayEquals(input, disk.bytes(left));
      setAside += aside ? 1 : 0;
    }
    LOG.setLevel(null);
    assertTrue(setAside > rounds / 2, setAside + " set aside");
    TestRun.report("starts beside a damaged snap file", rounds);
  }

  private static Path put(SimulatedDisk disk, String name, byte[] bytes) {
    Path file = Path.of("/").resolve(name);
    try (DiskFile opened = disk.open(file, Disk.Mode.CREATE_NEW)) {
      opened.write(0, ByteBuffer.wrap(bytes));
    }
    return file;
  }
}
