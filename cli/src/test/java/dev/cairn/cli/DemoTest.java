package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo, and that it would notice. */
class DemoTest {
  @Test
  void allEndsAreTheSameAndNothingIsLeft() throws IOException {
    long before = leftovers();
    String printed = Cli.run("demo", "--keys", 2_000).ok().out();
    assertTrue(printed.endsWith("All ends are the same.\n"), printed);
    for (String end : new String[] {"source", "saved", "restored", "converted"}) {
      assertTrue(printed.lines().anyMatch(line -> line.startsWith("  " + end + " ")), printed);
    }
    assertEquals(EtcdTools.find().isPresent(), printed.contains("a real etcd"), printed);
    assertTrue(printed.lines().count() <= 20, printed);
    assertEquals(before, leftovers());
  }

  private static long leftovers() throws IOException {
    try (Stream<Path> names = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return names.filter(name -> name.getFileName().toString().startsWith("cairn-demo-")).count();
    }
  }

  @Test
  void endsThatAgreeOnWhatBothTellAreTheSame() {
    DemoTable table = new DemoTable();
    table.add(new DemoTable.End("a", 5, 4, 3, "v1:x", null));
    table.add(new DemoTable.End("b", 5, 4, 3, null, "y"));
    table.add(new DemoTable.End("c", 5, 4, 3, "v1:x", "y"));
    assertTrue(table.allSame());
  }

  @ParameterizedTest
  @CsvSource({
    "6, 4, 3, v1:x, y",
    "5, 5, 3, v1:x, y",
    "5, 4, 4, v1:x, y",
    "5, 4, 3, v1:z, y",
    "5, 4, 3, v1:x, z"
  })
  void anyDifferenceIsSeen(long revision, long keys, long hashKv, String content, String image) {
    DemoTable table = new DemoTable();
    table.add(new DemoTable.End("first", 5, 4, 3, null, null));
    table.add(new DemoTable.End("second", 5, 4, 3, "v1:x", "y"));
    table.add(new DemoTable.End("third", revision, keys, hashKv, content, image));
    assertFalse(table.allSame());
  }
}
