package dev.cairn.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk.Mode;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The harness finds what is wrong, and what is needless, in code that is small enough to see. */
class PowerCutsTest {
  private static final long SEED = TestRun.seed(PowerCutsTest.class);
  private static final Path DIRECTORY = Path.of("/log");
  private static final Path LOG = DIRECTORY.resolve("log");
  private static final int RECORDS = 20;

  /** A log of numbers, a sector each; its way of appending differs from test to test. */
  private interface Append {
    void append(SimulatedDisk disk, DiskFile log, int number);
  }

  private static ByteBuffer record(int number) {
    return ByteBuffer.allocate(512).putInt(0, number);
  }

  private static void right(SimulatedDisk disk, DiskFile log, int number) {
    log.write(512L * (number - 1), record(number));
    log.sync();
  }

  private static void syncedBeforeTheWrite(SimulatedDisk disk, DiskFile log, int number) {
    log.sync();
    log.write(512L * (number - 1), record(number));
  }

  private static void syncedTwice(SimulatedDisk disk, DiskFile log, int number) {
    right(disk, log, number);
    needless(disk);
  }

  private static void needless(SimulatedDisk disk) {
    disk.syncDirectory(DIRECTORY);
  }

  private static PowerCuts.Workload<Integer> log(Append append) {
    return (disk, acknowledge) -> run(disk, append, acknowledge);
  }

  private static void run(SimulatedDisk disk, Append append, Consumer<Integer> acknowledge) {
    try (DiskFile log = disk.open(LOG, Mode.CREATE)) {
      disk.syncDirectory(DIRECTORY);
      for (int number = 1; number <= RECORDS; number++) {
        append.append(disk, log, number);
        acknowledge.accept(number);
      }
    }
  }

  private static void check(SimulatedDisk disk, List<Integer> acknowledged) {
    for (int number : acknowledged) {
      ByteBuffer record = ByteBuffer.wrap(disk.bytes(LOG));
      assertEquals(number, record.getInt(512 * (number - 1)));
    }
  }

  private static PowerCuts<Integer> cuts(Append append) {
    return PowerCuts.of("a log", SEED, log(append), PowerCutsTest::check)
        .withPreparation(disk -> disk.makeDirectories(DIRECTORY));
  }

  @Test
  void passesWhatIsRight() {
    long moments = 1 + 1 + 2 * RECORDS + 1;
    assertEquals(7 * moments, cuts(PowerCutsTest::right).withStates(7).everyOperation());
    Set<String> sites = cuts(PowerCutsTest::right).everySyncMatters();
    assertEquals(2, sites.size(), sites.toString());
    assertTrue(sites.stream().anyMatch(site -> site.startsWith("PowerCutsTest.right:")));
    assertTrue(sites.stream().anyMatch(site -> site.startsWith("PowerCutsTest.run:")));
  }

  @Test
  void countsTheSyncsOfEachPlace() {
    Map<String, Integer> sites = cuts(PowerCutsTest::right).syncSites();
    assertEquals(List.of(RECORDS, 1), List.copyOf(sites.values()), sites.toString());
  }

  @Test
  void namesTheCutThatBreaksAPromise() {
    AssertionError error =
        assertThrows(
            AssertionError.class, () -> cuts(PowerCutsTest::syncedBeforeTheWrite).everyOperation());
    assertTrue(error.getMessage().startsWith("a log: a power cut "), error.getMessage());
    assertTrue(error.getMessage().contains("%016x".formatted(SEED)), error.getMessage());
  }

  @Test
  void namesTheSyncThatNobodyNeeds() {
    PowerCuts<Integer> twice = cuts(PowerCutsTest::syncedTwice);
    twice.everyOperation();
    AssertionError error = assertThrows(AssertionError.class, twice::everySyncMatters);
    assertTrue(error.getMessage().contains("PowerCutsTest.needless:"), error.getMessage());
    assertTrue(!error.getMessage().contains("PowerCutsTest.right:"), error.getMessage());
  }

  @Test
  void tellsCallersOfAHelperApartByMoreFrames() {
    PowerCuts<Integer> twice = cuts(PowerCutsTest::syncedTwice).withSiteFrames(2);
    AssertionError error = assertThrows(AssertionError.class, twice::everySyncMatters);
    assertTrue(error.getMessage().contains(" < PowerCutsTest.syncedTwice:"), error.getMessage());
  }

  @Test
  void refusesAWorkloadWithoutSyncs() {
    PowerCuts<Integer> none =
        PowerCuts.of("nothing", SEED, (disk, acknowledge) -> {}, (disk, acknowledged) -> {});
    assertThrows(AssertionError.class, none::everySyncMatters);
  }

  @Test
  void saysWhenTheWorkloadItselfFails() {
    PowerCuts<Integer> failing =
        PowerCuts.of("a failure", SEED, (disk, told) -> disk.list(LOG), (disk, acknowledged) -> {});
    AssertionError error = assertThrows(AssertionError.class, failing::everyOperation);
    assertEquals(StorageException.class, error.getCause().getClass());
  }

  /** Cuts the log behind its last record by making a new file: in two steps, or in one. */
  private static void rewrite(SimulatedDisk disk, boolean inTwoSteps) {
    Path next = DIRECTORY.resolve("next");
    byte[] bytes = disk.exists(LOG) ? disk.bytes(LOG) : new byte[0];
    try (DiskFile file = disk.open(next, Mode.CREATE)) {
      file.setLength(0);
      file.write(0, ByteBuffer.wrap(bytes));
      file.sync();
    }
    if (inTwoSteps) {
      disk.delete(LOG);
      disk.syncDirectory(DIRECTORY);
    }
    disk.rename(next, LOG);
    disk.syncDirectory(DIRECTORY);
  }

  @Test
  void cutsTheRecoveryToo() {
    AtomicInteger checks = new AtomicInteger();
    PowerCuts<Integer> cuts =
        PowerCuts.of(
                "a log",
                SEED,
                log(PowerCutsTest::right),
                (SimulatedDisk disk, List<Integer> acknowledged) -> {
                  checks.incrementAndGet();
                  check(disk, acknowledged);
                })
            .withPreparation(disk -> disk.makeDirectories(DIRECTORY));
    long checked = cuts.withRecovery(disk -> rewrite(disk, false)).everyOperation();
    assertEquals(2 * 5 * (1 + 1 + 2 * RECORDS + 1), checked);
    assertEquals(checked, checks.get());
    PowerCuts<Integer> torn = cuts.withRecovery(disk -> rewrite(disk, true));
    assertThrows(AssertionError.class, torn::everyOperation);
  }

  @Test
  void manyCutsTakeLittle() {
    int states = TestRun.count(120, 2_400);
    assertTrue(cuts(PowerCutsTest::right).withStates(states).everyOperation() > 5_000);
  }
}
