package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Engines;
import dev.cairn.testkit.TestRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A native image of each engine with bytes changed, cut short, or damaged at random, and restored
 * with a heap of 64 MiB. As it is, no such file is restored. Where the hash was made anew or is not
 * asked for, a restore is refused and leaves nothing, or gives the undamaged content; of engines
 * whose images bear no checksums (LMDB, bbolt) also what the engine reads in the damaged image.
 */
@Timeout(14_400)
class RestoreDamageEnginesTest {
  private static final long SEED = TestRun.seed(RestoreDamageEnginesTest.class);

  /** Every byte and every length of all images but MapDB's, which has 2 MiB at the least. */
  private static final int FLIPS = 80_000;

  private static final Path MEMORY = Path.of("/dev/shm");

  @TempDir Path directory;

  static Stream<String> engines() {
    return Engines.all().stream().map(engine -> engine.info().name());
  }

  @ParameterizedTest
  @MethodSource("engines")
  void imagesAreRestoredRightOrRefused(String engine) throws Exception {
    boolean inMemory = Files.isWritable(MEMORY);
    Path folder = Files.createTempDirectory(inMemory ? MEMORY : directory, "damage");
    Map<String, Long> counts;
    try {
      counts = run(engine, folder);
    } finally {
      deleteTree(folder);
    }
    counts.forEach((what, count) -> TestRun.report(what, count));
    assertTrue(counts.keySet().stream().anyMatch(each -> each.endsWith("refused")));
    assertTrue(counts.keySet().stream().anyMatch(each -> each.endsWith("undamaged content")));
  }

  private static Map<String, Long> run(String engine, Path folder) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(each -> each.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-XX:+UseSerialGC"));
    command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(DamagedImages.class.getName(), Long.toString(SEED), folder.toString()));
    command.add(engine);
    command.add(Integer.toString(TestRun.count(60, FLIPS)));
    command.add(Integer.toString(TestRun.count(20, FLIPS)));
    command.add(Integer.toString(TestRun.count(60, 25_000)));
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      return hear(child);
    } finally {
      child.destroyForcibly();
    }
  }

  private static Map<String, Long> hear(Process child) throws Exception {
    Map<String, Long> counts = new TreeMap<>();
    String last = "none";
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        String[] words = line.split(" ", 3);
        if (words[0].equals(DamagedImages.COUNT)) {
          counts.put(words[2], Long.valueOf(words[1]));
        } else if (words[0].equals(DamagedImages.CASE)) {
          last = line;
        } else {
          System.out.println(line);
        }
      }
    }
    assertEquals(0, child.waitFor(), "the last was " + last);
    return counts;
  }

  private static void deleteTree(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      for (Path each : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(each);
      }
    }
  }
}
