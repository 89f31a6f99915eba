package dev.cairn.engine.mapdb;

import static dev.cairn.engine.mapdb.Stores.CONFIG;
import static dev.cairn.engine.mapdb.Stores.READ_ONLY;
import static dev.cairn.engine.mapdb.Stores.USERS;
import static dev.cairn.engine.mapdb.Stores.assertCode;
import static dev.cairn.engine.mapdb.Stores.hash;
import static dev.cairn.engine.mapdb.Stores.puts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.DiskOperation;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.SimulatedDisk.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A disk that fails: what is rejected, and what poisons. */
class MapDbFaultsTest {
  private static final Path STORE = Path.of("/db");
  private static final Path JOURNAL = Sidecars.journal(STORE);
  private static final BackendConfig SMALL = CONFIG.withOption("mapdb.checkpointBytes", "100000");

  private final SplittableRandom random = new SplittableRandom(1);
  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final MapDbEngine engine = new MapDbEngine(disk);

  private Backend filled(BackendConfig config) {
    Backend backend = engine.open(STORE, config);
    backend.commit(puts(random, USERS, 20, 1_000));
    return backend;
  }

  private Batch large() {
    return puts(random, USERS, 400, 20_000);
  }

  private String reopened(BackendConfig config) {
    try (Backend backend = engine.open(STORE, config)) {
      return hash(backend);
    }
  }

  @Test
  void aFullDiskRejectsTheBatchAndKeepsTheBackend() {
    Backend backend = filled(CONFIG);
    disk.capacityBytes(4 << 20);
    String before = hash(backend);
    long live = backend.stats().liveBytes();
    for (int i = 0; i < 5; i++) {
      assertCode(Code.FULL, () -> backend.commit(large()));
      assertEquals(before, hash(backend));
      assertEquals(disk.sizeBytes(STORE), backend.stats().fileBytes());
      assertEquals(live, backend.stats().liveBytes());
      backend.commit(puts(random, USERS, 2, 100));
      before = hash(backend);
      live = backend.stats().liveBytes();
    }
    disk.capacityBytes(64 << 20);
    backend.commit(large());
    String after = hash(backend);
    backend.close();
    assertEquals(after, reopened(CONFIG));
    assertFalse(disk.exists(JOURNAL));
  }

  /** The commits are durable in the journal, which goes on until there is room. */
  @Test
  void aFullDiskPutsACheckpointOff() {
    Backend backend = filled(SMALL);
    boolean[] full = {true};
    disk.inject(
        operation -> full[0] && operation.path().equals(STORE) && isWrite(operation), Fault.FULL);
    for (int i = 0; i < 20; i++) {
      backend.commit(puts(random, USERS, 30, 1_000));
    }
    String after = hash(backend);
    backend.close();
    assertTrue(disk.exists(JOURNAL), "the journal is needed");
    assertEquals(after, reopened(READ_ONLY));
    full[0] = false;
    assertEquals(after, reopened(CONFIG));
    assertFalse(disk.exists(JOURNAL));
    assertEquals(after, reopened(READ_ONLY));
  }

  private static boolean isWrite(DiskOperation operation) {
    return operation.kind() == DiskOperation.Kind.WRITE;
  }

  @Test
  void aFailedSyncOfTheJournalPoisonsAndIsNeverTriedAgain() {
    poisons(CONFIG, operation -> operation.isSync() && operation.path().equals(JOURNAL));
  }

  @Test
  void aFailedWriteOfTheJournalPoisons() {
    poisons(CONFIG, operation -> !operation.isSync() && operation.path().equals(JOURNAL));
  }

  @Test
  void aFailedSyncOfTheFilePoisons() {
    poisons(SMALL, operation -> operation.isSync() && operation.path().equals(STORE));
  }

  @Test
  void aFailedWriteOfTheFilePoisons() {
    poisons(SMALL, operation -> isWrite(operation) && operation.path().equals(STORE));
  }

  private void poisons(BackendConfig config, Predicate<DiskOperation> which) {
    Backend backend = filled(config);
    String before = hash(backend);
    ReadView view = backend.openView();
    boolean[] failing = {true};
    disk.inject(operation -> failing[0] && which.test(operation), Fault.IO);
    Batch batch = large();
    StorageException first = assertCode(Code.IO, () -> backend.commit(batch));
    failing[0] = false;
    StorageException later = assertCode(Code.IO, () -> backend.commit(puts(random, USERS, 1, 1)));
    assertEquals(first.getMessage(), later.getMessage());
    assertCode(Code.IO, backend::sync);
    assertEquals(before, ContentHash.v1(view));
    long operations = disk.operations();
    backend.close();
    assertEquals(operations, disk.operations(), "a poisoned store leaves its files as they are");
    Backend reopened = engine.open(STORE, config);
    String after = hash(reopened);
    reopened.commit(batch);
    assertTrue(after.equals(before) || after.equals(hash(reopened)), "half a batch");
    reopened.close();
    assertEquals(List.of(), disk.openFiles());
  }

  @Test
  void aStoreThatCannotBeMadeLeavesNothing() {
    disk.capacityBytes(100_000);
    assertCode(Code.FULL, () -> engine.open(STORE, CONFIG));
    assertEquals(List.of(), disk.list(Path.of("/")));
    assertEquals(List.of(), disk.openFiles());
  }

  @Test
  void anInstallThatFindsNoRoomLeavesNothing() throws Exception {
    byte[] image;
    try (Backend backend = filled(CONFIG)) {
      image = Stores.image(backend);
    }
    disk.capacityBytes(3 << 20);
    Path target = Path.of("/installed");
    assertCode(Code.FULL, () -> Stores.install(engine, image, target));
    assertEquals(List.of(STORE), disk.list(Path.of("/")));
    assertEquals(List.of(), disk.openFiles());
  }

  /** As a replacement of a store does it: the names are taken over while the old one is open. */
  @Test
  void anOpenStoreBearsTheRenamingOfItsFiles() {
    Path old = Path.of("/db.old.1");
    Backend first = filled(SMALL);
    String before = hash(first);
    ReadView reader = first.openView();
    disk.rename(JOURNAL, Sidecars.journal(old));
    disk.rename(STORE, old);
    Backend second = engine.open(STORE, SMALL);
    second.commit(puts(random, USERS, 50, 100));
    String other = hash(second);
    first.commit(large());
    assertEquals(before, ContentHash.v1(reader));
    String after = hash(first);
    first.close();
    second.commit(puts(random, USERS, 50, 100));
    other = hash(second);
    second.close();
    assertEquals(other, reopened(CONFIG));
    try (Backend backend = engine.open(old, CONFIG)) {
      assertEquals(after, hash(backend));
    }
    assertEquals(List.of(STORE, old), disk.list(Path.of("/")));
  }
}
