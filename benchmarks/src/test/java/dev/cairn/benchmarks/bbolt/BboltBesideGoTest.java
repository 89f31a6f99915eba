package dev.cairn.benchmarks.bbolt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.benchmarks.bbolt.BboltBesideGo.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both sides run on little data, do the same work, and leave nothing behind. */
class BboltBesideGoTest {
  private static final int KEYS = 2_000;
  private static final List<String> OPERATIONS =
      List.of(
          "put1000", "put1000random", "put1", "delete1000", "delete1", "scanCold", "scan", "get");

  @TempDir Path directory;
  private Path go;

  @BeforeEach
  void need() {
    Optional<Path> found = GoProgram.go();
    System.out.println("tool go with bbolt: " + (found.isPresent() ? "found" : "not found"));
    assumeTrue(found.isPresent(), "no go, or no sources of bbolt");
    go = found.get();
  }

  @Test
  void givesARowForEachKindOfWork() throws Exception {
    List<Row> rows = BboltBesideGo.run(directory, KEYS, 2);
    assertEquals(OPERATIONS, rows.stream().map(Row::operation).toList());
    for (Row row : rows) {
      assertTrue(row.ours() > 0 && row.theirs() > 0, row.toString());
      assertTrue(row.ratioMin() <= row.ratioMedian(), row.toString());
      assertTrue(row.ratioMedian() <= row.ratioMax(), row.toString());
    }
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void bothFilesHoldTheSameInTheEnd() {
    Workload work = new Workload(KEYS, 100);
    Side ours = Side.ours(directory.resolve("ours.db"), work);
    Side theirs = Side.theirs(GoProgram.build(go, directory), directory.resolve("theirs.db"), work);
    Side.Round our = ours.round();
    Side.Round their = theirs.round();
    assertEquals(their.hash(), our.hash());
    assertEquals(their.sum(), our.sum());
    assertEquals(our.hash(), ours.hash(theirs.file()));
    assertEquals(our.hash(), theirs.hash(ours.file()));
    Side other = Side.ours(directory.resolve("other.db"), new Workload(KEYS, 99));
    assertTrue(!other.round().hash().equals(our.hash()), "the hash sees a byte less in the values");
  }
}
