package dev.cairn.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.benchmarks.scenarios.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report says of numbers that are given. */
class ReportTest {
  private static final String JMH =
      """
      [{"benchmark": "dev.cairn.benchmarks.engines.Puts.put", "mode": "thrpt", "forks": 1,
        "warmupIterations": 1, "measurementIterations": 2, "measurementTime": "1 s",
        "params": {"contender": "%s", "valueBytes": "100"},
        "primaryMetric": {"score": %s, "scoreUnit": "ops/s", "rawData": [[%s, %s]]},
        "secondaryMetrics": {}}]
      """;

  @TempDir Path folder;
  private Path json;
  private ResultFile result;

  @BeforeEach
  void begin() throws IOException {
    json = folder.resolve("2026-01-02-box-abc.json");
    result = ResultFile.of(json, "short", Map.of("commit", "abc", "etcd", "3.4.23"));
  }

  private void jmh(String contender, int low, int high) throws IOException {
    Path file = folder.resolve("jmh.json");
    Files.writeString(file, JMH.formatted(contender, (low + high) / 2, low, high));
    result.addJmh(file);
  }

  private static Figure save(String subject, int round, double seconds) {
    Map<String, Double> values =
        Map.of("seconds", seconds, "bytes", 512e6, "rssAnonBytesMax", 50.0 * (1 << 20));
    return new Figure("save", subject, 512, round, values);
  }

  private void saves(double... seconds) {
    result.addFigures(
        List.of(
            save("cairn from cairn (lmdb)", 0, seconds[0]),
            save("etcdctl from etcd", 0, seconds[1]),
            save("cairn from cairn (lmdb)", 1, seconds[2]),
            save("etcdctl from etcd", 1, seconds[3])));
  }

  @Test
  void putsAnEngineBesideItsLibrary() throws IOException {
    jmh("lmdb", 880, 920);
    jmh("lmdb-raw", 900, 1_100);
    String page = new Report(result).page();
    assertTrue(
        page.contains("| put, valueBytes 100 | lmdb | 900 | 880 - 920 | ops/s | 0.90 |"), page);
    assertTrue(page.contains("worst of puts | 0.90 | >= 0.95 | **no** |"), page);
  }

  @Test
  void putsASaveBesideEtcdctlRoundByRound() {
    saves(1, 4, 4, 8);
    String page = new Report(result).page();
    assertTrue(page.contains("512 MiB: wall time over etcdctl's | 0.38 | <= 0.40 | yes |"), page);
    assertTrue(
        page.contains("| cairn from cairn (lmdb) | 512 | 2.50 (1.00 - 4.00) | 205 | 0.38 | 50 |"),
        page);
  }

  @Test
  void whatIsMeasuredAgainReplacesWhatWasThere() throws IOException {
    jmh("lmdb", 1, 1);
    jmh("h2", 5, 5);
    saves(1, 1, 1, 1);
    result.write();
    result = ResultFile.of(json, "short", Map.of("commit", "abc"));
    jmh("lmdb", 7, 7);
    saves(9, 9, 9, 9);
    assertEquals(List.of("h2 5.0", "lmdb 7.0"), scores());
    assertEquals(4, result.figures().size());
    assertEquals(9, result.figures().get(0).values().get("seconds"));
    result.write();
    assertEquals(List.of(), ResultFile.of(json, "full", Map.of()).scores());
  }

  private List<String> scores() {
    return result.scores().stream().map(each -> each.contender() + " " + each.score()).toList();
  }

  @Test
  void writesPagePlotsAndTheReadmesPart() throws IOException {
    jmh("lmdb", 1, 1);
    saves(1, 4, 4, 8);
    Path readme = folder.resolve("README.md");
    Files.writeString(
        readme,
        "before\n<!-- benchmarks: written by benchmarks/run -->\nold\n<!-- /benchmarks -->\nafter\n");
    Report report = new Report(result);
    report.write();
    report.writeInto(readme, "results");
    report.writeInto(readme, "results");
    String text = Files.readString(readme);
    assertTrue(text.startsWith("before\n<!-- benchmarks") && text.endsWith("-->\nafter\n"), text);
    assertFalse(text.contains("old"), text);
    for (String plot : List.of("engines", "etcd")) {
      assertTrue(text.contains("](results/2026-01-02-box-abc-" + plot + ".svg)"), text);
      String svg = Files.readString(folder.resolve("2026-01-02-box-abc-" + plot + ".svg"));
      assertTrue(svg.startsWith("<svg") && svg.endsWith("</svg>\n"), svg);
    }
    assertTrue(Files.exists(folder.resolve("2026-01-02-box-abc.md")));
  }

  @Test
  void leavesAReadmeAloneThatHasNoPlaceForIt() throws IOException {
    Path readme = folder.resolve("README.md");
    Files.writeString(readme, "text");
    Report report = new Report(result);
    assertThrows(IOException.class, () -> report.writeInto(readme, "results"));
    assertEquals("text", Files.readString(readme));
  }
}
