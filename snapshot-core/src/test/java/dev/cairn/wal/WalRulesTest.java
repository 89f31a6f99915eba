package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.testkit.SimulatedDisk;
import dev.cairn.testkit.TestRun;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Logs of whole records in any order, with indexes at the edges: read as the rules say that stand
 * here once more, in numbers without an end.
 */
class WalRulesTest {
  private static final long SEED = TestRun.seed(WalRulesTest.class);
  private static final Path LOG = Path.of("/log");
  private static final Path FIRST = LOG.resolve(RaftFixture.FIRST_SEGMENT);
  private static final long[] EDGES = {
    0, 1, 2, 3, 4, 5, 6, Long.MAX_VALUE, Long.MIN_VALUE, -2, -1, 1L << 32, Integer.MAX_VALUE
  };

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Map<String, Integer> outcomes = new TreeMap<>();

  private record Step(RecordType type, long index, long term, byte[] data) {}

  @Test
  void anyOrderOfRecordsIsReadByTheRules() {
    int rounds = TestRun.count(6_000, 500_000);
    for (int i = 0; i < rounds; i++) {
      SnapshotNote from = new SnapshotNote(index(), random.nextInt(2), Optional.empty());
      List<Step> steps = steps();
      SimulatedDisk disk = written(steps);
      String wanted = expected(steps, from);
      assertEquals(wanted, found(disk, from), () -> steps + " from " + from);
      outcomes.merge(wanted.replaceFirst(" \\[.*", ""), 1, Integer::sum);
    }
    assertEquals(
        List.of("conflict", "mismatch", "not found", "ok", "slice", "type"),
        List.copyOf(outcomes.keySet()));
    assertTrue(outcomes.values().stream().allMatch(count -> count > 5), outcomes::toString);
    TestRun.report("logs read by the rules", rounds);
  }

  private long index() {
    return random.nextInt(3) > 0 ? random.nextInt(5) : EDGES[random.nextInt(EDGES.length)];
  }

  private List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    long next = 1;
    for (int i = random.nextInt(12); i >= 0; i--) {
      long term = random.nextInt(2);
      switch (random.nextInt(30)) {
        case 0 -> steps.add(step(RecordType.METADATA, 0, random.nextInt(3)));
        case 1 -> steps.add(step(RecordType.STATE, index(), term));
        case 2, 3, 4, 5, 6, 7 -> steps.add(step(RecordType.SNAPSHOT, index(), term));
        case 8 -> steps.add(step(RecordType.ENTRY, index(), term));
        case 9 -> steps.add(step(RecordType.UNKNOWN, 0, 0));
        default -> {
          next = random.nextInt(5) == 0 ? Math.max(1, next - 2) : next;
          steps.add(step(RecordType.ENTRY, next++, term));
        }
      }
    }
    return steps;
  }

  private static Step step(RecordType type, long index, long term) {
    byte[] data =
        switch (type) {
          case METADATA -> new WalMetadata(term / 2, 1).encode();
          case STATE -> new HardState(term, 0, index).encode();
          case SNAPSHOT -> new SnapshotNote(index, term, Optional.empty()).encode();
          case ENTRY -> new Entry(EntryType.NORMAL, term, index, new byte[3]).encode();
          default -> new byte[0];
        };
    return new Step(type, index, term, data);
  }

  private static SimulatedDisk written(List<Step> steps) {
    SimulatedDisk disk = new SimulatedDisk(SEED);
    disk.makeDirectories(LOG);
    try (DiskFile file = disk.open(FIRST, Disk.Mode.CREATE_NEW)) {
      RecordWriter records = new RecordWriter(file, 0, 0);
      records.write(RecordType.CRC, new byte[0]);
      records.write(RecordType.METADATA, new WalMetadata(0, 1).encode());
      steps.forEach(each -> records.write(each.type(), each.data()));
      records.flush();
    }
    return disk;
  }

  private static String found(Disk disk, SnapshotNote from) {
    try {
      WalContent content = Wal.read(disk, LOG, from);
      return text(content.entries(), content.hardState());
    } catch (StorageException refused) {
      String message = refused.getMessage();
      for (String[] each :
          new String[][] {
            {"wal: conflicting metadata found", "conflict"},
            {"wal: snapshot mismatch", "mismatch"},
            {"wal: snapshot not found", "not found"},
            {"wal: slice bounds out of range", "slice"},
            {"unexpected block type", "type"}
          }) {
        if (message.contains(each[0])) {
          return each[1];
        }
      }
      throw refused;
    }
  }

  private static String text(List<Entry> entries, HardState state) {
    List<String> texts = entries.stream().map(each -> each.term() + "/" + each.index()).toList();
    return "ok " + texts + " " + state;
  }

  private static String expected(List<Step> steps, SnapshotNote from) {
    BigInteger start = unsigned(from.index());
    List<Entry> entries = new ArrayList<>();
    HardState state = HardState.EMPTY;
    boolean noted = false;
    for (Step step : steps) {
      switch (step.type()) {
        case METADATA -> {
          if (step.term() / 2 != 0) {
            return "conflict";
          }
        }
        case STATE -> state = new HardState(step.term(), 0, step.index());
        case SNAPSHOT -> {
          if (step.index() == from.index() && step.term() != from.term()) {
            return "mismatch";
          }
          noted |= step.index() == from.index();
        }
        case ENTRY -> {
          BigInteger position = unsigned(step.index()).subtract(start).subtract(BigInteger.ONE);
          if (position.signum() >= 0) {
            if (position.compareTo(BigInteger.valueOf(entries.size())) > 0) {
              return "slice";
            }
            entries = new ArrayList<>(entries.subList(0, position.intValueExact()));
            entries.add(new Entry(EntryType.NORMAL, step.term(), step.index(), step.data()));
          } else {
            entries.clear();
          }
        }
        default -> {
          return "type";
        }
      }
    }
    return noted ? text(entries, state) : "not found";
  }

  private static BigInteger unsigned(long number) {
    return new BigInteger(Long.toUnsignedString(number));
  }
}
