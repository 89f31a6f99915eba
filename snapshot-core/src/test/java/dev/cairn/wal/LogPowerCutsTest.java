package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.DiskOperation;
import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.SimulatedDisk.Fault;
import dev.cairn.testkit.TestRun;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The power is cut, or the disk fails, at any operation in the life of a log. */
class LogPowerCutsTest {
  private static final long SEED = TestRun.seed(LogPowerCutsTest.class);
  private static final int STEPS = 34;

  /** Some syncs matter only where a log is opened behind a torn record, which not each has. */
  private static final int HISTORIES_TO_CONVICT = 8;

  private static PowerCuts<LogHistory.Promise> cuts(long seed) {
    return PowerCuts.<LogHistory.Promise>of(
            "log",
            seed,
            (disk, promises) -> LogHistory.run(seed, STEPS, disk, promises),
            LogHistory::check)
        .withPreparation(LogHistory::prepare)
        .withSiteFrames(3);
  }

  @Test
  void everyOperationMayBeTheLast() {
    long checked = 0;
    int histories = TestRun.count(2, 20);
    for (int i = 0; i < histories; i++) {
      checked +=
          cuts(SEED + i)
              .withStates(TestRun.count(9, 30))
              .withRecovery(LogHistory::recover)
              .everyOperation();
    }
    assertTrue(checked >= TestRun.count(5_000, 100_000), "only " + checked);
  }

  @Test
  void everySyncMatters() {
    Set<String> sites =
        PowerCuts.everySyncMatters(
            LongStream.range(0, HISTORIES_TO_CONVICT).mapToObj(i -> cuts(SEED + i)).toList());
    assertTrue(sites.size() >= 11, sites::toString);
  }

  /** What was acknowledged before the failure is there when the disk works again. */
  @Test
  void everyOperationMayFail() {
    Map<Code, Integer> failures = new EnumMap<>(Code.class);
    SimulatedDisk whole = new SimulatedDisk(SEED);
    LogHistory.prepare(whole);
    LogHistory.run(SEED, STEPS, whole, promise -> {});
    int rounds = TestRun.count(1, 20);
    long operations = whole.operations();
    for (long number = 1; number <= operations * rounds; number++) {
      boolean full = number % 2 == 0;
      Code code = failAt(1 + number % operations, full ? Fault.FULL : Fault.IO, SEED + number);
      failures.merge(code, 1, Integer::sum);
    }
    assertEquals(Set.of(Code.IO, Code.FULL), failures.keySet());
    TestRun.report("failures of a log's disk", operations * rounds);
  }

  private static Code failAt(long number, Fault wanted, long draw) {
    SimulatedDisk disk = new SimulatedDisk(SEED);
    LogHistory.prepare(disk);
    disk.settle();
    List<LogHistory.Promise> promises = new ArrayList<>();
    List<DiskOperation> hit = new ArrayList<>();
    // A sync has no space to ask for.
    disk.inject(each -> each.number() == number && each.isSync(), Fault.IO);
    disk.inject(each -> each.number() == number && hit.add(each), wanted);
    try {
      LogHistory.run(SEED, STEPS, disk, promises::add);
      throw new AssertionError("operation " + number + " did not fail");
    } catch (StorageException failed) {
      assertEquals(List.of(), disk.openFiles());
      SimulatedDisk left = disk.afterPowerCut(new SplittableRandom(draw));
      if (hit.stream().anyMatch(each -> each.kind() == DiskOperation.Kind.WRITE)) {
        LogHistory.checkBeforeDamage(left, promises);
      } else {
        LogHistory.check(left, promises);
      }
      return failed.code();
    }
  }
}
