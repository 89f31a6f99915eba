package dev.cairn.testkit;

import static dev.cairn.testkit.Bench.assertCode;
import static dev.cairn.testkit.Bench.assertSame;
import static dev.cairn.testkit.Bench.content;
import static dev.cairn.testkit.Data.USERS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reference engine on a disk that fails: what is rejected, and what poisons. */
class HeapFaultsTest {
  private static final Path STORE = Path.of("/db");
  private static final BackendConfig CONFIG = BackendConfig.defaults();

  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final HeapEngine engine = new HeapEngine(disk);

  private Backend filled() {
    Backend backend = engine.open(STORE, CONFIG);
    backend.commit(Data.fill(USERS, 10, 1_000, 1));
    return backend;
  }

  @Test
  void aFullDiskRejectsTheBatchAndKeepsTheBackend() {
    disk.capacityBytes(40_000);
    Backend backend = filled();
    Model before = content(backend);
    for (int i = 0; i < 3; i++) {
      assertCode(() -> backend.commit(Data.fill(USERS, 10, 10_000, 2)), Code.FULL);
      assertSame(before, content(backend));
      assertEquals(disk.sizeBytes(STORE), backend.stats().fileBytes());
    }
    backend.commit(Data.put(USERS, "small", "fits"));
    Model after = content(backend);
    backend.close();
    assertSame(after, content(engine.open(STORE, CONFIG)));
  }

  @Test
  void aFailedSyncPoisonsAndIsNeverTriedAgain() {
    Backend backend = filled();
    Model before = content(backend);
    ReadView view = backend.openView();
    disk.failSyncs(STORE::equals);
    StorageException first = assertCode(() -> backend.commit(Data.put(USERS, "k", "v")), Code.IO);
    disk.clearFaults();
    StorageException later = assertCode(() -> backend.commit(Data.put(USERS, "k2", "v")), Code.IO);
    assertEquals(first.getMessage(), later.getMessage());
    assertCode(backend::sync, Code.IO);
    assertSame(before, Model.of(view));
    backend.close();
    assertWholeOrNotAtAll(before);
  }

  @Test
  void aFailedWritePoisons() {
    Backend backend = filled();
    Model before = content(backend);
    boolean[] failing = {true};
    disk.inject(operation -> failing[0] && !operation.isSync(), SimulatedDisk.Fault.IO);
    assertCode(() -> backend.commit(Data.put(USERS, "k", "v")), Code.IO);
    failing[0] = false;
    assertCode(() -> backend.commit(Data.put(USERS, "k", "v")), Code.IO);
    backend.close();
    assertWholeOrNotAtAll(before);
  }

  private void assertWholeOrNotAtAll(Model before) {
    try (Backend backend = engine.open(STORE, CONFIG)) {
      Model after = content(backend);
      Model with = before.copy().put(USERS, Data.utf8("k"), Data.utf8("v"));
      assertTrue(before.difference(after) == null || with.difference(after) == null);
    }
  }

  @Test
  void aStoreThatCannotBeMadeLeavesNothing() {
    disk.capacityBytes(0);
    assertCode(() -> engine.open(STORE, CONFIG), Code.FULL);
    assertFalse(disk.exists(STORE));
    assertEquals(0, disk.list(Path.of("/")).size());
    assertEquals(0, disk.openFiles().size());
  }

  @Test
  void anInstallThatFindsNoRoomLeavesNothing() throws Exception {
    byte[] image;
    try (Backend backend = filled();
        var snapshot = backend.snapshot()) {
      Sinks.Memory bytes = new Sinks.Memory();
      snapshot.writeTo(bytes);
      image = bytes.toByteArray();
    }
    disk.capacityBytes(20_000);
    Path target = Path.of("/installed");
    assertCode(() -> engine.install(new ImageChannel(image), image.length, target), Code.FULL);
    assertEquals(List.of(STORE), disk.list(Path.of("/")));
    assertEquals(0, disk.openFiles().size());
  }
}
