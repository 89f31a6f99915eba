package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.testkit.PowerCuts;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * A log whose power is cut at any operation: what was synced is read again, and what was not is a
 * torn end at most, never damage.
 */
class WalPowerCutsTest {
  private static final long SEED = TestRun.seed(WalPowerCutsTest.class);
  private static final Path LOG = Path.of("/log");
  private static final WalMetadata METADATA = new WalMetadata(7, 9);
  private static final int BATCHES = 12;

  private static void append(SimulatedDisk disk, Consumer<Long> acknowledge) {
    SplittableRandom random = new SplittableRandom(SEED);
    try (WalWriter writer = WalWriter.create(disk, LOG, METADATA)) {
      writer.sync();
      acknowledge.accept(0L);
      long index = 0;
      for (int batch = 0; batch < BATCHES; batch++) {
        int entries = 1 + random.nextInt(3);
        for (int i = 0; i < entries; i++) {
          writer.append(List.of(entry(++index)), HardState.EMPTY);
        }
        writer.append(List.of(), new HardState(1, 7, index));
        writer.sync();
        acknowledge.accept(index);
      }
    }
  }

  /** Some are longer than a few sectors, and one is longer than the writer's buffer. */
  private static Entry entry(long index) {
    SplittableRandom random = new SplittableRandom(SEED + index);
    byte[] data = new byte[index == 9 ? 150_000 : 1 + random.nextInt(1500)];
    random.nextBytes(data);
    return new Entry(EntryType.NORMAL, 1, index, data);
  }

  private static void check(SimulatedDisk disk, List<Long> synced) {
    Path segment = LOG.resolve(RaftFixture.FIRST_SEGMENT);
    if (synced.isEmpty()) {
      return;
    }
    long wanted = synced.get(synced.size() - 1);
    long index = 0;
    long committed = 0;
    try (WalReader reader = WalReader.open(disk, List.of(segment))) {
      for (WalRecord record = reader.next(); record != null; record = reader.next()) {
        if (record.type() == RecordType.ENTRY) {
          Entry entry = record.entry();
          assertEquals(++index, entry.index());
          assertArrayEquals(entry(index).data(), entry.data());
        } else if (record.type() == RecordType.STATE) {
          committed = record.hardState().commit();
        }
      }
      assertTrue(reader.end().isPresent());
    }
    assertTrue(index >= wanted && committed >= wanted, index + " of " + wanted);
  }

  private static PowerCuts<Long> cuts() {
    return PowerCuts.of("write-ahead log", SEED, WalPowerCutsTest::append, WalPowerCutsTest::check)
        .withPreparation(disk -> disk.makeDirectories(LOG))
        .withSiteFrames(3);
  }

  @Test
  void everyOperationMayBeTheLast() {
    cuts().withStates(TestRun.count(170, 2_000)).everyOperation();
  }

  @Test
  void everySyncMatters() {
    Set<String> sites = cuts().everySyncMatters();
    assertTrue(sites.size() >= 2, sites::toString);
  }
}
