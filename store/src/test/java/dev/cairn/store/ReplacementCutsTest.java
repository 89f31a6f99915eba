package dev.cairn.store;

import static dev.cairn.store.Stores.USERS;
import static dev.cairn.store.Stores.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every step of a replacement is cut, and every sync of it is needed. */
class ReplacementCutsTest {
  private static final Path FOLDER = Path.of("/data").toAbsolutePath();
  private static final Path FILE = FOLDER.resolve("db");
  private static final Path NEXT = FOLDER.resolve("next.snap.db");

  private final long seed = TestRun.seed(ReplacementCutsTest.class);

  private static StoreConfig config(SimulatedDisk disk) {
    return Stores.config(new HeapEngine(disk))
        .withDisk(disk)
        .withAppliedCodec(new Stores.MetaCodec());
  }

  private static Store open(SimulatedDisk disk) {
    return Store.open(FILE, config(disk));
  }

  private static Update entry(long index) {
    return tx -> {
      tx.createBucket(USERS);
      tx.put(USERS, utf8("k" + index), utf8("v" + index));
      tx.delete(USERS, utf8("k" + (index - 3)));
      tx.applied(index, 1);
    };
  }

  private static void apply(Store store, long from, long to, Consumer<Long> acknowledge) {
    for (long i = from; i <= to; i++) {
      store.update(entry(i));
      acknowledge.accept(i);
    }
  }

  private static void prepare(SimulatedDisk disk) {
    disk.makeDirectories(FOLDER);
  }

  private static void recover(SimulatedDisk disk) {
    open(disk).close();
  }

  /** The store holds what its applied index says, which is not behind what was acknowledged. */
  private static void assertExactlyTheApplied(SimulatedDisk disk, List<Long> acknowledged) {
    long atLeast = acknowledged.stream().mapToLong(Long::longValue).max().orElse(0);
    try (Store store = open(disk)) {
      long applied = store.applied().index();
      assertTrue(applied >= atLeast, () -> atLeast + " was acknowledged, " + applied + " is there");
      Set<String> expected = new TreeSet<>();
      for (long i = Math.max(1, applied - 2); i <= applied; i++) {
        expected.add("k" + i);
      }
      try (ReadView view = store.openView()) {
        assertEquals(
            expected, applied == 0 ? Set.of() : Stores.content(view).get("users").keySet());
      }
    }
    assertEquals(Set.of("db"), names(disk));
  }

  /** Without what the engine leaves of a store that it had not finished making. */
  private static Set<String> names(SimulatedDisk disk) {
    Set<String> names = new TreeSet<>();
    disk.list(FOLDER).forEach(each -> names.add(each.getFileName().toString()));
    names.remove("db.part");
    return names;
  }

  private PowerCuts<Long> defragmentation() {
    return PowerCuts.of(
            "defragmentation",
            seed,
            (SimulatedDisk disk, Consumer<Long> acknowledge) -> {
              try (Store store = open(disk)) {
                apply(store, 1, 5, acknowledge);
                store.defragment();
                apply(store, 6, 8, acknowledge);
                ReadView reader = store.openView();
                store.defragment();
                apply(store, 9, 10, acknowledge);
                store.defragment();
                apply(store, 11, 12, acknowledge);
                reader.close();
                Threads.awaitTrue(() -> store.stats().retiredFiles() == 0);
              }
            },
            ReplacementCutsTest::assertExactlyTheApplied)
        .withPreparation(ReplacementCutsTest::prepare)
        .withRecovery(ReplacementCutsTest::recover)
        .withStates(TestRun.count(35, 700));
  }

  @Test
  void aDefragmentationIsCutAtEveryOperation() {
    defragmentation().everyOperation();
  }

  @Test
  void everySyncOfADefragmentationMatters() {
    assertHasOurs(defragmentation().everySyncMatters());
  }

  private static void assertHasOurs(Set<String> sites) {
    assertTrue(sites.stream().anyMatch(each -> each.startsWith("Replacement.")), sites::toString);
  }

  /** The file that is swapped in holds the entries up to the tenth. */
  private static void prepareSwap(SimulatedDisk disk) {
    prepare(disk);
    try (Store next = Store.open(NEXT, config(disk))) {
      apply(next, 1, 10, index -> {});
    }
  }

  private PowerCuts<Long> swap() {
    return PowerCuts.of(
            "hot swap",
            seed,
            (SimulatedDisk disk, Consumer<Long> acknowledge) -> {
              try (Store store = open(disk)) {
                apply(store, 1, 5, acknowledge);
                store.replace(NEXT, new HeapEngine(disk), BackendConfig.defaults());
                acknowledge.accept(10L);
                apply(store, 11, 13, acknowledge);
              }
            },
            (disk, acknowledged) -> {
              // Not swapped in yet, it is still there under its own name.
              boolean waits = disk.exists(NEXT);
              assertTrue(!waits || acknowledged.stream().noneMatch(each -> each >= 10));
              if (waits) {
                disk.delete(NEXT);
              }
              assertExactlyTheApplied(disk, acknowledged);
            })
        .withPreparation(ReplacementCutsTest::prepareSwap)
        .withRecovery(ReplacementCutsTest::recover)
        .withStates(TestRun.count(80, 1_600));
  }

  @Test
  void aHotSwapIsCutAtEveryOperation() {
    swap().everyOperation();
  }

  @Test
  void everySyncOfAHotSwapMatters() {
    assertHasOurs(swap().everySyncMatters());
  }

  /** Each operation of a defragmentation fails in turn: the store goes on, or it has stopped. */
  @Test
  void everyOperationThatFailsLeavesAStoreThatIsWhole() {
    long cases = 0;
    for (SimulatedDisk.Fault fault : List.of(SimulatedDisk.Fault.IO, SimulatedDisk.Fault.FULL)) {
      boolean met = true;
      for (long number = 1; met; number++) {
        met = failOne(number, fault);
        cases++;
      }
    }
    TestRun.report("failing operations of a defragmentation", cases);
  }

  /** False when there are not as many operations. */
  private boolean failOne(long number, SimulatedDisk.Fault fault) {
    SimulatedDisk disk = new SimulatedDisk(seed);
    prepare(disk);
    Store store = open(disk);
    apply(store, 1, 5, index -> {});
    long failing = disk.operations() + number;
    boolean[] met = new boolean[1];
    disk.inject(
        operation -> {
          met[0] |= operation.number() == failing;
          return operation.number() == failing;
        },
        fault);
    long applied = 5;
    try {
      store.defragment();
      store.update(entry(6));
      applied = 6;
    } catch (dev.cairn.spi.StorageException e) {
      applied = goOn(store);
    }
    disk.clearFaults();
    try {
      store.close();
    } catch (dev.cairn.spi.StorageException stopped) {
      assertEquals(5, applied);
    }
    assertExactlyTheApplied(disk.copy(), List.of(applied));
    return met[0];
  }

  private static long goOn(Store store) {
    try {
      if (store.applied().index() == 5) {
        store.update(entry(6));
      }
      store.defragment();
      return 6;
    } catch (dev.cairn.spi.StorageException stopped) {
      return 5;
    }
  }
}
