package dev.cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.DiskOperation;
import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Saving on a disk that fails, fills up and loses its power; both ways in are the same inside. */
class SaveTest {
  private static final long SEED = TestRun.seed(SaveTest.class);
  private static final Path TARGET = Path.of("/backup/out.db");
  private static final byte[] OLD = {1, 2, 3};

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final byte[] image = BytesSnapshot.randomBytes(512 * 40, random);
  private SimulatedDisk disk;

  /** The two ways to a file. */
  private enum Way {
    /** From a snapshot of this process. */
    LOCAL {
      @Override
      void save(Snapshot snapshot, SaveOptions options) {
        Snapshots.save(snapshot, TARGET, options);
      }
    },
    /** From a stream of chunks. */
    INCOMING {
      @Override
      void save(Snapshot snapshot, SaveOptions options) {
        try (IncomingFile file = IncomingFile.create(TARGET, options)) {
          new SnapshotSender(snapshot, 1000).sendTo(file::accept);
          assertEquals(TARGET, file.target());
          file.commit();
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }
    };

    abstract void save(Snapshot snapshot, SaveOptions options);
  }

  @BeforeEach
  void newDisk() {
    disk = new SimulatedDisk(SEED);
    disk.makeDirectories(TARGET.getParent());
  }

  private SaveOptions options() {
    return options(disk);
  }

  private static SaveOptions options(Disk disk) {
    return SaveOptions.defaults().withDisk(disk);
  }

  private Snapshot snapshot() {
    return new BytesSnapshot(image, new SplittableRandom(SEED));
  }

  private static void putOld(SimulatedDisk disk) {
    disk.makeDirectories(TARGET.getParent());
    try (DiskFile file = disk.open(TARGET, Disk.Mode.CREATE_NEW)) {
      file.write(0, ByteBuffer.wrap(OLD));
    }
  }

  private byte[] expected() {
    byte[] file = Arrays.copyOf(image, image.length + 32);
    System.arraycopy(Sha256.start().digest(image), 0, file, image.length, 32);
    return file;
  }

  private void assertOnly(byte[] content) {
    assertEquals(List.of(TARGET), disk.list(TARGET.getParent()));
    assertArrayEquals(content, disk.bytes(TARGET));
    assertEquals(List.of(), disk.openFiles());
  }

  private void assertRefused(Code code, String text, Runnable save) {
    StorageException e = assertThrows(StorageException.class, save::run);
    assertEquals(code, e.code(), e.getMessage());
    assertTrue(e.getMessage().contains(text), e.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void aFileIsTheImageAndItsHash(Way way) {
    way.save(snapshot(), options());
    assertOnly(expected());
    SnapshotFile.saved(disk, TARGET).verify();
  }

  @ParameterizedTest
  @EnumSource
  void aFileThatIsThereIsReplacedOnlyByAWholeOne(Way way) {
    putOld(disk);
    Snapshot shorter = new BytesSnapshot(image, image.length + 512, random);
    assertRefused(Code.CORRUPT, "announced", () -> way.save(shorter, options()));
    assertOnly(OLD);
    way.save(snapshot(), options());
    assertOnly(expected());
  }

  @ParameterizedTest
  @EnumSource
  void noClobberLeavesAFileThatIsThere(Way way) {
    putOld(disk);
    SaveOptions noClobber = options().noClobber();
    assertRefused(Code.EXISTS, "exists already", () -> way.save(snapshot(), noClobber));
    assertOnly(OLD);
  }

  @ParameterizedTest
  @EnumSource
  void noClobberLeavesAFileThatCameMeanwhile(Way way) {
    SaveOptions noClobber =
        options()
            .noClobber()
            .withProgress(
                (done, total) -> {
                  if (!disk.exists(TARGET)) {
                    putOld(disk);
                  }
                });
    assertRefused(Code.EXISTS, "exists already", () -> way.save(snapshot(), noClobber));
    assertOnly(OLD);
  }

  @ParameterizedTest
  @EnumSource
  void aDirectoryIsNoTarget(Way way) {
    disk.makeDirectories(TARGET);
    assertRefused(Code.EXISTS, "is a directory", () -> way.save(snapshot(), options()));
    assertEquals(List.of(TARGET), disk.list(TARGET.getParent()));
  }

  @ParameterizedTest
  @EnumSource
  void theDirectoryMustBeThere(Way way) {
    disk.delete(TARGET.getParent());
    assertRefused(
        Code.NOT_FOUND, "directory does not exist", () -> way.save(snapshot(), options()));
  }

  @ParameterizedTest
  @EnumSource
  void aFullDiskIsToldBeforeTheFirstByte(Way way) {
    putOld(disk);
    disk.capacityBytes(4096 + image.length);
    boolean[] written = {false};
    SaveOptions watched = options().withProgress((done, total) -> written[0] = true);
    assertRefused(Code.FULL, "needs 20512 bytes", () -> way.save(snapshot(), watched));
    assertFalse(written[0]);
    assertOnly(OLD);
  }

  @ParameterizedTest
  @EnumSource
  void everyFailingOperationLeavesTheOldFileOrTheNewOne(Way way) {
    long operations = operationsOf(way);
    for (long number = 1; number <= operations; number++) {
      for (SimulatedDisk.Fault fault : List.of(SimulatedDisk.Fault.IO, SimulatedDisk.Fault.FULL)) {
        newDisk();
        putOld(disk);
        long failing = disk.operations() + number;
        disk.inject(each -> each.number() == failing, fault);
        DiskOperation.Kind[] failed = new DiskOperation.Kind[1];
        disk.listen(
            each -> {
              if (each.number() == failing) {
                failed[0] = each.kind();
              }
            });
        StorageException e =
            assertThrows(StorageException.class, () -> way.save(snapshot(), options()));
        // A sync that fails for want of space leaves nothing known, and so is io.
        assertTrue(e.code() == Code.IO || fault == SimulatedDisk.Fault.FULL, e.getMessage());
        boolean renamed = failed[0] == DiskOperation.Kind.SYNC_DIRECTORY;
        assertOnly(renamed ? expected() : OLD);
      }
    }
  }

  private long operationsOf(Way way) {
    putOld(disk);
    long before = disk.operations();
    way.save(snapshot(), options());
    return disk.operations() - before;
  }

  @ParameterizedTest
  @EnumSource
  void aPowerCutLeavesTheOldFileOrTheNewOneAndEverySyncMatters(Way way) {
    byte[] expected = expected();
    PowerCuts<Boolean> cuts =
        PowerCuts.<Boolean>of(
                "save " + way,
                SEED,
                (simulated, saved) -> {
                  way.save(snapshot(), options(simulated));
                  saved.accept(true);
                },
                (simulated, saved) -> {
                  byte[] there = simulated.bytes(TARGET);
                  boolean isOld = Arrays.equals(OLD, there);
                  assertTrue(saved.isEmpty() ? isOld || Arrays.equals(expected, there) : !isOld);
                  assertTrue(isOld || Arrays.equals(expected, there));
                })
            .withPreparation(SaveTest::putOld);
    cuts.everyOperation();
    assertEquals(2, cuts.everySyncMatters().size());
  }

  @ParameterizedTest
  @EnumSource
  void aFailureOfTheSnapshotComesOutAndNothingIsLeft(Way way) {
    StorageException expired = StorageException.of(Code.EXPIRED, "the pin was revoked");
    Snapshot failing =
        new BytesSnapshot(image, random) {
          @Override
          public void writeTo(WritableByteChannel out) throws IOException {
            out.write(ByteBuffer.allocate(2048));
            throw expired;
          }
        };
    putOld(disk);
    assertSame(expired, assertThrows(StorageException.class, () -> way.save(failing, options())));
    assertOnly(OLD);
  }

  @ParameterizedTest
  @EnumSource
  void progressRisesToTheWholeImage(Way way) {
    long[] last = {0, 0};
    way.save(
        snapshot(),
        options()
            .withProgress(
                (done, total) -> {
                  assertTrue(done >= last[0]);
                  last[0] = done;
                  last[1] = total;
                }));
    assertEquals(image.length, last[0]);
    assertEquals(image.length, last[1]);
  }

  @Test
  void aStreamThatBreaksOffLeavesNothing() {
    putOld(disk);
    try (IncomingFile file = IncomingFile.create(TARGET, options())) {
      file.accept(ByteBuffer.wrap(image, 0, 5000), image.length - 5000);
    }
    assertOnly(OLD);
  }

  @Test
  void aStreamWithAWrongHashLeavesNothing() {
    putOld(disk);
    byte[] damaged = expected();
    damaged[77] ^= 1;
    try (IncomingFile file = IncomingFile.create(TARGET, options())) {
      file.accept(ByteBuffer.wrap(damaged), 0);
      assertRefused(Code.HASH_MISMATCH, "SHA-256", file::commit);
    }
    assertOnly(OLD);
  }

  @Test
  void whatNobodyHereCanReadIsSavedAllTheSame() {
    SnapshotFile saved = Snapshots.save(snapshot(), TARGET, options());
    saved.verify();
    assertEquals("unknown", saved.format());
    assertEquals(image.length, saved.imageSizeBytes());
    assertRefused(Code.CORRUPT, "neither an etcd snapshot", saved::openView);
  }
}
