package dev.cairn.engine.h2;

import static dev.cairn.engine.h2.Stores.CONFIG;
import static dev.cairn.engine.h2.Stores.assertCode;
import static dev.cairn.engine.h2.Stores.hash;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.DiskOperation.Kind;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.SimulatedDisk.Fault;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** MVStore on a disk that fails: what is rejected, and what poisons. */
class H2FaultsTest {
  private static final Path STORE = Path.of("/db");

  private final Numbered batches = new Numbered(TestRun.seed(getClass()));
  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final H2Engine engine = new H2Engine(disk);

  private Backend filled(int count) {
    Backend backend = engine.open(STORE, CONFIG);
    for (int number = 1; number <= count; number++) {
      backend.commit(batches.batch(number));
    }
    return backend;
  }

  private void assertReopens(long... lastOneOf) {
    disk.clearFaults();
    disk.capacityBytes(Long.MAX_VALUE);
    assertEquals(List.of(), disk.openFiles());
    try (Backend backend = engine.open(STORE, CONFIG)) {
      long last = Numbered.last(backend);
      assertTrue(java.util.Arrays.stream(lastOneOf).anyMatch(each -> each == last), last + "");
      assertEquals(batches.hash(last), hash(backend));
      backend.commit(batches.batch(last + 1));
      assertEquals(batches.hash(last + 1), hash(backend));
    }
  }

  private void assertPoisons(Fault fault, Kind kind) {
    Backend backend = filled(5);
    disk.inject(operation -> operation.kind() == kind, fault);
    StorageException first = assertCode(Code.IO, () -> backend.commit(batches.batch(6)));
    disk.clearFaults();
    AtomicInteger operations = new AtomicInteger();
    disk.listen(operation -> operations.incrementAndGet());
    StorageException later = assertCode(Code.IO, () -> backend.commit(batches.batch(7)));
    assertEquals(first.getMessage(), later.getMessage());
    assertCode(Code.IO, backend::sync);
    backend.close();
    assertEquals(0, operations.get(), "it tried again");
    assertReopens(5, 6);
  }

  @Test
  void aFailedWritePoisons() {
    assertPoisons(Fault.IO, Kind.WRITE);
  }

  @Test
  void aFailedSyncPoisonsAndIsNotTriedAgain() {
    assertPoisons(Fault.IO, Kind.SYNC);
  }

  @Test
  void aDiskThatFillsInTheMiddleOfACommitPoisons() {
    assertPoisons(Fault.FULL, Kind.WRITE);
  }

  /** What is not in the heap can no longer be read, but nothing else is told instead. */
  @Test
  void afterAFailureAViewReadsOnOrThrows() {
    Backend backend = filled(8);
    try (ReadView view = backend.openView()) {
      disk.inject(operation -> operation.kind() == Kind.WRITE, Fault.IO);
      assertCode(Code.IO, () -> backend.commit(batches.batch(9)));
      try {
        assertEquals(batches.hash(8), dev.cairn.spi.ContentHash.v1(view));
      } catch (StorageException e) {
        assertEquals(Code.IO, e.code());
      }
    }
    backend.close();
    assertReopens(8);
  }

  @Test
  void aFullDiskRejectsTheBatchAndKeepsTheBackend() {
    Backend backend = filled(5);
    String before = hash(backend);
    disk.capacityBytes(disk.sizeBytes(STORE) + 200_000);
    for (int i = 0; i < 3; i++) {
      StorageException full = assertCode(Code.FULL, () -> backend.commit(batches.batch(6)));
      assertTrue(full.getMessage().contains("/db"));
      assertEquals(before, hash(backend));
    }
    disk.capacityBytes(Long.MAX_VALUE);
    backend.commit(batches.batch(6));
    assertEquals(batches.hash(6), hash(backend));
    backend.close();
    assertReopens(6);
  }

  @Test
  void readingThatFailsIsToldAsSuch() {
    filled(8).close();
    disk.inject(operation -> operation.kind() == Kind.READ, Fault.IO);
    assertCode(Code.IO, () -> engine.open(STORE, CONFIG));
    assertReopens(8);
  }

  /** A failed opening leaves nothing open and nothing locked. */
  @Test
  void everyReadOfAnOpeningMayFail() {
    filled(8).close();
    for (int failing = 1; ; failing++) {
      SimulatedDisk copy = disk.copy();
      copy.failNth(Kind.READ, failing, Fault.IO);
      H2Engine onCopy = new H2Engine(copy);
      try (Backend backend = onCopy.open(STORE, CONFIG)) {
        assertEquals(8, Numbered.last(backend));
        TestRun.report("h2 reads failed while opening", failing - 1);
        return;
      } catch (StorageException e) {
        assertEquals(Code.IO, e.code(), e::toString);
        assertEquals(List.of(), copy.openFiles());
      }
      copy.clearFaults();
      onCopy.open(STORE, CONFIG).close();
    }
  }
}
