package dev.cairn.snap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.DiskOperation;
import dev.cairn.testkit.DiskOperation.Kind;
import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.SimulatedDisk.Fault;
import dev.cairn.testkit.TestRun;
import dev.cairn.wal.SnapshotNote;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * A member's course through snapshots of its own and such that a leader sent, whose power is cut at
 * any operation: what was said to be saved is there and whole, nothing else has its name, and a
 * start finds where to begin.
 */
class SnapshotterPowerCutsTest {
  private static final long SEED = TestRun.seed(SnapshotterPowerCutsTest.class);
  private static final Path SNAP = Path.of("/member/snap");
  private static final long TERM = 2;

  /** What a killed process has left. */
  private static final Path KILLED = SNAP.resolve("tmp30");

  private static final int IMAGE_BYTES = 3 * 512;

  /** The entries that a member of this course takes snapshots at. */
  private static final List<Long> OWN = List.of(10L, 20L, 40L, 50L);

  private static final List<Long> RECEIVED = List.of(15L, 30L, 45L);

  /** What was promised. */
  private enum Promise {
    SAVED,
    RECEIVED,
    /** Older images are of no use any more. */
    RELEASED,
    /** Old files are of no use any more, from this index on they are needed. */
    PURGED
  }

  private record Done(Promise promise, long index) {}

  private static ReadableByteChannel image(long index) {
    return Channels.newChannel(new ByteArrayInputStream(imageBytes(index)));
  }

  private static byte[] imageBytes(long index) {
    byte[] bytes = new byte[IMAGE_BYTES];
    new SplittableRandom(index).nextBytes(bytes);
    return bytes;
  }

  /** Interleaved by index; releases and purges come once the newer one is safe. */
  private static void live(Disk disk, Consumer<Done> acknowledge) throws IOException {
    Snapshotter snapshotter = Snapshotter.open(disk, SNAP);
    save(snapshotter, 10, acknowledge);
    receive(snapshotter, 15, acknowledge);
    save(snapshotter, 20, acknowledge);
    release(snapshotter, 20, acknowledge);
    takenOver(disk);
    receive(snapshotter, 30, acknowledge);
    save(snapshotter, 40, acknowledge);
    purge(snapshotter, 40, acknowledge);
    receive(snapshotter, 45, acknowledge);
    save(snapshotter, 50, acknowledge);
    release(snapshotter, 50, acknowledge);
    purge(snapshotter, 50, acknowledge);
  }

  private static void save(Snapshotter snapshotter, long index, Consumer<Done> acknowledge) {
    snapshotter.save(Snapshots.of(index, TERM));
    acknowledge.accept(new Done(Promise.SAVED, index));
  }

  private static void receive(Snapshotter snapshotter, long index, Consumer<Done> acknowledge)
      throws IOException {
    snapshotter.receive(image(index), IMAGE_BYTES, index);
    acknowledge.accept(new Done(Promise.RECEIVED, index));
  }

  private static void release(Snapshotter snapshotter, long index, Consumer<Done> acknowledge) {
    acknowledge.accept(new Done(Promise.RELEASED, index));
    snapshotter.release(index);
  }

  private static void purge(Snapshotter snapshotter, long index, Consumer<Done> acknowledge) {
    acknowledge.accept(new Done(Promise.PURGED, index));
    snapshotter.purge(1, index);
  }

  /**
   * Image 30 as a process leaves it that is killed between its renaming and the sync of the
   * directory: whoever receives it once more has to make the name durable.
   */
  private static void takenOver(Disk disk) {
    try (DiskFile file = disk.open(KILLED, Disk.Mode.CREATE_NEW)) {
      file.write(0, ByteBuffer.wrap(imageBytes(30)));
      file.sync();
    }
    disk.rename(KILLED, SNAP.resolve(SnapNames.database(30)));
  }

  private static void check(SimulatedDisk disk, List<Done> done) {
    Snapshotter snapshotter = Snapshotter.open(disk, SNAP);
    for (Path file : disk.list(SNAP)) {
      checkWhole(disk, file);
    }
    long purgedTo = newest(done, Promise.PURGED);
    long releasedTo = Math.max(purgedTo, newest(done, Promise.RELEASED));
    for (Done each : done) {
      if (each.promise() == Promise.SAVED && each.index() >= purgedTo) {
        assertTrue(disk.exists(SNAP.resolve(SnapFile.name(TERM, each.index()))), each::toString);
      }
      if (each.promise() == Promise.RECEIVED && each.index() >= releasedTo) {
        assertArrayEquals(imageBytes(each.index()), disk.bytes(snapshotter.database(each.index())));
      }
    }
    long saved = newest(done, Promise.SAVED);
    List<SnapshotNote> notes = new ArrayList<>(List.of(SnapshotNote.NONE));
    notes.add(new SnapshotNote(saved, TERM, Optional.empty()));
    Optional<RaftSnapshot> loaded = snapshotter.loadNewest(notes);
    assertEquals(saved, loaded.map(RaftSnapshot::index).orElse(0L));
    loaded.ifPresent(snapshot -> Snapshots.assertSame(Snapshots.of(saved, TERM), snapshot));
  }

  private static long newest(List<Done> done, Promise promise) {
    return done.stream()
        .filter(each -> each.promise() == promise)
        .mapToLong(Done::index)
        .max()
        .orElse(0);
  }

  private static void checkWhole(SimulatedDisk disk, Path file) {
    if (SnapNames.snapIndex(file).isPresent()) {
      long index = SnapNames.snapIndex(file).getAsLong();
      assertTrue(OWN.contains(index));
      Snapshots.assertSame(Snapshots.of(index, TERM), SnapFile.read(disk, file));
    } else {
      long index = SnapNames.databaseIndex(file).orElseThrow();
      assertTrue(RECEIVED.contains(index));
      assertArrayEquals(imageBytes(index), disk.bytes(file));
    }
  }

  private static PowerCuts<Done> cuts() {
    return PowerCuts.of(
            "directory of snapshots",
            SEED,
            SnapshotterPowerCutsTest::live,
            SnapshotterPowerCutsTest::check)
        .withPreparation(disk -> disk.makeDirectories(SNAP))
        .withRecovery(disk -> Snapshotter.open(disk, SNAP).load())
        .withSiteFrames(3);
  }

  @Test
  void everyOperationMayBeTheLast() {
    long states = cuts().withStates(TestRun.count(100, 2_000)).everyOperation();
    assertTrue(states >= TestRun.count(5_000, 100_000), states + " states");
  }

  /** File and directory, of a save and of a receipt. */
  @Test
  void everySyncMatters() {
    Set<String> sites = cuts().everySyncMatters();
    sites.removeIf(site -> site.contains("takenOver"));
    assertEquals(4, sites.size(), sites::toString);
  }

  /** Every operation fails once: the error is typed, nothing stays open, no half file is left. */
  @Test
  void everyOperationMayFail() throws IOException {
    int failures = 0;
    for (Fault fault : List.of(Fault.IO, Fault.FULL)) {
      failures += failAtEach(fault);
    }
    assertTrue(failures > 50, failures + " failures");
    TestRun.report("failed operations of a directory of snapshots", failures);
  }

  private static int failAtEach(Fault fault) throws IOException {
    for (int n = 1; ; n++) {
      SimulatedDisk disk = new SimulatedDisk(SEED);
      disk.makeDirectories(SNAP);
      DiskOperation[] failed = {null};
      int[] left = {n};
      List<Done> done = new ArrayList<>();
      disk.inject(operation -> --left[0] == 0 && (failed[0] = operation) != null, fault);
      try {
        live(disk, done::add);
        return n - 1;
      } catch (StorageException failure) {
        assertTrue(failure.code() == Code.IO || failure.code() == Code.FULL);
      }
      assertEquals(List.of(), disk.openFiles());
      boolean orphans =
          disk.list(SNAP).stream()
              .filter(each -> !each.equals(KILLED))
              .anyMatch(SnapNames::isOrphan);
      assertFalse(orphans && failed[0].kind() != Kind.DELETE, () -> "left by " + failed[0]);
      disk.clearFaults();
      check(disk, done);
    }
  }
}
