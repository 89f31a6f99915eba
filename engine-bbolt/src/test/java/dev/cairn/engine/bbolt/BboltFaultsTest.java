package dev.cairn.engine.bbolt;

import static dev.cairn.engine.bbolt.Stores.CONFIG;
import static dev.cairn.engine.bbolt.Stores.USERS;
import static dev.cairn.engine.bbolt.Stores.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.DiskOperation;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A disk that fails: what is rejected, and what poisons. */
class BboltFaultsTest {
  private static final Path STORE = Path.of("/db");

  private final SplittableRandom random = new SplittableRandom(TestRun.seed(getClass()));
  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final BboltEngine engine = new BboltEngine(disk);
  private final Content content = new Content();

  private Backend filled() {
    Backend backend = engine.open(STORE, CONFIG);
    commit(backend, Stores.puts(random, USERS, 100, 200));
    return backend;
  }

  private void commit(Backend backend, Batch batch) {
    backend.commit(batch);
    content.apply(batch);
  }

  @Test
  void aFullDiskRejectsTheBatchAndKeepsTheBackend() {
    Backend backend = filled();
    disk.capacityBytes(100_000);
    for (int i = 0; i < 3; i++) {
      assertCode(Code.FULL, () -> backend.commit(Stores.puts(random, USERS, 100, 10_000)));
      content.assertIs(backend);
      assertEquals(disk.sizeBytes(STORE), backend.stats().fileBytes());
    }
    for (int i = 0; i < 20; i++) {
      commit(backend, Stores.put(USERS, "small" + i, "fits"));
    }
    content.assertIs(backend);
    backend.close();
    Stores.assertSound(disk, STORE);
    try (Backend reopened = engine.open(STORE, CONFIG)) {
      content.assertIs(reopened);
    }
  }

  /** At each of its writes, and with the file growing or not. */
  @Test
  void aDiskThatIsFullAtAnyMomentRejects() {
    Backend backend = filled();
    for (int capacity = 40_000; capacity < 400_000; capacity += 5_000) {
      disk.capacityBytes(capacity);
      Batch batch = Stores.puts(random, USERS, 1 + random.nextInt(60), 3_000);
      try {
        commit(backend, batch);
      } catch (StorageException rejected) {
        assertEquals(Code.FULL, rejected.code(), rejected.getMessage());
      }
      content.assertIs(backend);
      Stores.assertSound(disk, STORE);
    }
    backend.close();
    disk.capacityBytes(Long.MAX_VALUE);
    try (Backend reopened = engine.open(STORE, CONFIG)) {
      content.assertIs(reopened);
      commit(reopened, Stores.puts(random, USERS, 50, 3_000));
      content.assertIs(reopened);
    }
    Stores.assertSound(disk, STORE);
  }

  @Test
  void aFailedSyncPoisonsAndIsNeverTriedAgain() {
    Backend backend = filled();
    ReadView view = backend.openView();
    disk.failSyncs(STORE::equals);
    StorageException first = assertCode(Code.IO, () -> backend.commit(Stores.put(USERS, "k", "v")));
    disk.clearFaults();
    StorageException later =
        assertCode(Code.IO, () -> backend.commit(Stores.put(USERS, "k2", "v")));
    assertEquals(first.getMessage(), later.getMessage());
    assertCode(Code.IO, backend::sync);
    content.assertIs(view);
    backend.close();
    assertWholeOrNotAtAll();
  }

  @Test
  void aFailedWritePoisons() {
    for (long nth = 1; nth <= 4; nth++) {
      Backend backend = filled();
      long before = nth;
      long[] writes = {0};
      disk.inject(
          operation -> operation.kind() == DiskOperation.Kind.WRITE && ++writes[0] == before,
          SimulatedDisk.Fault.IO);
      try {
        backend.commit(Stores.put(USERS, "k", "v"));
        content.apply(Stores.put(USERS, "k", "v"));
      } catch (StorageException failed) {
        assertEquals(Code.IO, failed.code());
        assertCode(Code.IO, () -> backend.commit(Stores.put(USERS, "k", "v")));
      }
      disk.clearFaults();
      backend.close();
      assertWholeOrNotAtAll();
      disk.delete(STORE);
      content.apply(Batch.builder().deleteBucket(USERS).build());
    }
  }

  /** No space where only a sync or the meta is left is no rejection: nobody knows what is there. */
  @Test
  void noSpaceAtTheEndOfACommitPoisons() {
    for (DiskOperation.Kind kind : List.of(DiskOperation.Kind.SYNC, DiskOperation.Kind.WRITE)) {
      Backend backend = filled();
      long[] syncs = {0};
      disk.inject(
          operation -> {
            syncs[0] += operation.isSync() ? 1 : 0;
            return syncs[0] == 1 && operation.kind() == kind;
          },
          SimulatedDisk.Fault.FULL);
      assertCode(Code.IO, () -> backend.commit(Stores.put(USERS, "k", "v")));
      disk.clearFaults();
      assertCode(Code.IO, () -> backend.commit(Stores.put(USERS, "k", "v")));
      backend.close();
      assertWholeOrNotAtAll();
      disk.delete(STORE);
      content.apply(Batch.builder().deleteBucket(USERS).build());
    }
  }

  private void assertWholeOrNotAtAll() {
    Stores.assertSound(disk, STORE);
    try (Backend backend = engine.open(STORE, CONFIG);
        ReadView view = backend.openView()) {
      // By its value: what the store was filled with may have that key as well.
      if (Arrays.equals(Stores.utf8("v"), view.get(USERS, Stores.utf8("k")))) {
        content.apply(Stores.put(USERS, "k", "v"));
      }
      content.assertIs(view);
    }
  }

  @Test
  void aStoreThatCannotBeMadeLeavesNothing() {
    disk.capacityBytes(0);
    assertCode(Code.FULL, () -> engine.open(STORE, CONFIG));
    assertFalse(disk.exists(STORE));
    assertEquals(0, disk.list(Path.of("/")).size());
    assertEquals(0, disk.openFiles().size());
  }

  @Test
  void anInstallThatFindsNoRoomLeavesNothing() {
    byte[] image;
    try (Backend backend = filled()) {
      image = Stores.image(backend);
    }
    assertTrue(image.length > 20_000);
    disk.capacityBytes(20_000);
    assertCode(Code.FULL, () -> Stores.install(engine, image, Path.of("/installed")));
    assertEquals(List.of(STORE), disk.list(Path.of("/")));
    assertEquals(0, disk.openFiles().size());
  }
}
