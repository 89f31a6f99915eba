package dev.cairn.engine.mapdb;

import static dev.cairn.engine.mapdb.Stores.CONFIG;
import static dev.cairn.engine.mapdb.Stores.USERS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Old versions that are kept while they are pinned: in the heap, and in a file when too large. */
class MapDbPinsTest {
  private static final Path STORE = Path.of("/db");
  private static final Path SPILL = Sidecars.spill(STORE);
  private static final int KEYS = 300;

  /** Little heap, and checkpoints every few batches. */
  private static final BackendConfig SPILLING =
      CONFIG
          .withOption("mapdb.undoHeapBytes", "50000")
          .withOption("mapdb.checkpointBytes", "300000");

  private final long seed = TestRun.seed(getClass());
  private final SplittableRandom random = new SplittableRandom(seed);
  private final SimulatedDisk disk = new SimulatedDisk(seed);
  private final MapDbEngine engine = new MapDbEngine(disk);

  private Batch change(int count) {
    Batch.Builder batch = Batch.builder().createBucket(USERS);
    for (int i = 0; i < count; i++) {
      byte[] key = ByteBuffer.allocate(4).putInt(random.nextInt(KEYS)).array();
      batch.put(USERS, key, Stores.random(random, random.nextInt(4_000)));
    }
    return batch.build();
  }

  private record Kept(ReadView view, String hash) {
    static Kept of(Backend backend) {
      return new Kept(backend.openView(), Stores.hash(backend));
    }

    void check() {
      assertEquals(hash, ContentHash.v1(view));
    }
  }

  @Test
  void everyPinnedVersionStaysWhatItWas() {
    try (Backend backend = engine.open(STORE, SPILLING)) {
      backend.commit(change(2 * KEYS));
      List<Kept> kept = new ArrayList<>();
      int rounds = TestRun.count(120, 5_000);
      for (int round = 0; round < rounds; round++) {
        kept.add(Kept.of(backend));
        backend.commit(change(1 + random.nextInt(40)));
        kept.get(random.nextInt(kept.size())).check();
        while (kept.size() > 8) {
          Kept gone = kept.remove(random.nextInt(kept.size()));
          gone.check();
          gone.view().close();
        }
        forgetUnsynced(round);
      }
      assertTrue(disk.bytes(SPILL).length > 100_000, "nothing was spilled");
      kept.forEach(Kept::check);
      assertTrue(backend.stats().pinnedBytes() > 100_000);
      kept.forEach(one -> one.view().close());
      assertEquals(0, backend.stats().pinnedBytes());
      assertEquals(Pages.PAGE_BYTES, disk.bytes(SPILL).length);
      TestRun.report("mapdb versions pinned and checked", rounds);
    }
    assertFalse(disk.exists(SPILL));
  }

  /** Nobody syncs a spill file, and the simulated disk keeps every write that was not synced. */
  private void forgetUnsynced(int round) {
    if (round % 50 == 0 && disk.exists(SPILL)) {
      try (DiskFile spill = disk.open(SPILL, Disk.Mode.READ_WRITE)) {
        spill.sync();
      }
    }
  }

  @Test
  void viewsOfOneVersionShareWhatIsKept() {
    try (Backend backend = engine.open(STORE, CONFIG)) {
      backend.commit(change(2 * KEYS));
      ReadView first = backend.openView();
      backend.commit(change(20));
      long one = backend.stats().pinnedBytes();
      first.close();
      List<Kept> same = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        same.add(Kept.of(backend));
      }
      backend.commit(change(20));
      assertTrue(backend.stats().pinnedBytes() < 2 * one);
      same.get(0).view().close();
      same.get(4).check();
      same.forEach(kept -> kept.view().close());
      assertEquals(0, backend.stats().pinnedBytes());
    }
  }

  /** Where there is no room to spill, the heap holds it, and commits go on. */
  @Test
  void aFullDiskDoesNotMakeACommitFailThatOnlyReplaces() {
    try (Backend backend = engine.open(STORE, SPILLING)) {
      backend.commit(change(2 * KEYS));
      Kept kept = Kept.of(backend);
      disk.inject(operation -> operation.path().equals(SPILL), SimulatedDisk.Fault.FULL);
      for (int i = 0; i < 10; i++) {
        backend.commit(change(40));
      }
      kept.check();
      kept.view().close();
    }
  }

  @Test
  void readersMeetCommitsAndCheckpoints() throws Exception {
    try (Backend backend = engine.open(STORE, SPILLING)) {
      backend.commit(change(2 * KEYS));
      List<Throwable> failures = new ArrayList<>();
      boolean[] done = {false};
      Thread[] readers = new Thread[2];
      for (int i = 0; i < readers.length; i++) {
        readers[i] = new Thread(() -> readAllTheTime(backend, done, failures));
        readers[i].start();
      }
      for (int i = 0; i < TestRun.count(100, 3_000); i++) {
        backend.commit(change(30));
        forgetUnsynced(i);
      }
      synchronized (done) {
        done[0] = true;
      }
      for (Thread reader : readers) {
        reader.join();
      }
      assertEquals(List.of(), failures);
    }
  }

  private static void readAllTheTime(Backend backend, boolean[] done, List<Throwable> failures) {
    try {
      while (true) {
        synchronized (done) {
          if (done[0]) {
            return;
          }
        }
        try (ReadView view = backend.openView()) {
          assertEquals(ContentHash.v1(view), ContentHash.v1(view));
        }
      }
    } catch (Throwable e) {
      synchronized (failures) {
        failures.add(e);
      }
    }
  }
}
