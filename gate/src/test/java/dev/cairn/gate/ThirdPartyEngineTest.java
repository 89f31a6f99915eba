package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.testkit.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stranger can write an engine: the project in {@code examples/third-party-engine}, which is no
 * module of this build, is built and tested by a Maven of its own against the artifacts of this
 * build, and passes every suite.
 */
class ThirdPartyEngineTest {
  private static final int TESTS_MIN = 140;
  private static final Pattern TESTS =
      Pattern.compile("Tests run: (\\d+), Failures: 0, Errors: 0, Skipped: (\\d+)\\s*$");

  /** What each suite prints once it has passed. */
  private static final List<String> COUNTED =
      List.of(
          "shelf random histories",
          "shelf kill -9 cycles",
          "shelf snapshots under write",
          "shelf interrupts",
          "power cuts of shelf sessions",
          "power cuts of shelf install",
          "syncs taken away from shelf sessions",
          "shelf bits flipped");

  @TempDir Path folder;

  @Test
  void aStrangersEngineIsBuiltAndPassesEverySuite() throws Exception {
    Path project = copyProject();
    LocalRepository repository =
        LocalRepository.in(Files.createDirectory(folder.resolve("repository")));
    try (Processes processes = new Processes(folder)) {
      Processes.Done done = processes.run(maven(project, repository)).expectSuccess();
      List<String> lines = done.out().lines().toList();
      lines.stream().filter(ThirdPartyEngineTest::isTold).forEach(System.out::println);
      assertCounted(lines);
    }
    assertTrue(Files.exists(project.resolve("target/cairn-engine-shelf-1.0.jar")));
  }

  private static boolean isTold(String line) {
    return line.startsWith("count ") || line.startsWith("seed ");
  }

  /** As a stranger has it: without a checkout of ours around it. */
  private Path copyProject() throws IOException {
    Path from = Processes.checkout().resolve("examples/third-party-engine");
    Path to = Files.createDirectory(folder.resolve("project"));
    // Maven looks upwards for this folder, and would find ours.
    Files.createDirectory(to.resolve(".mvn"));
    Files.copy(from.resolve("pom.xml"), to.resolve("pom.xml"));
    try (Stream<Path> files = Files.walk(from.resolve("src"))) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
    return to;
  }

  private static ProcessBuilder maven(Path project, LocalRepository repository) throws IOException {
    List<String> command = new ArrayList<>(List.of(program(), "--batch-mode", "-ntp"));
    command.addAll(repository.options());
    command.add("-Dcairn.size=" + System.getProperty("cairn.size", "gate"));
    command.add("-Dcairn.seed=" + System.getProperty("cairn.seed", ""));
    command.add("verify");
    ProcessBuilder builder = new ProcessBuilder(command).directory(project.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  /** The Maven that runs this build, where it says so. */
  private static String program() {
    String home = System.getProperty("maven.home", "");
    return home.isEmpty() ? "mvn" : Path.of(home, "bin", "mvn").toString();
  }

  private static void assertCounted(List<String> lines) {
    for (String what : COUNTED) {
      assertTrue(
          lines.stream().anyMatch(line -> line.matches("count " + what + ": [1-9][0-9,]* .*")),
          what);
    }
    Matcher last = null;
    for (String line : lines) {
      Matcher tests = TESTS.matcher(line);
      last = tests.find() ? tests : last;
    }
    assertTrue(last != null, "no tests were run");
    int run = Integer.parseInt(last.group(1));
    assertTrue(run >= TESTS_MIN, () -> "only " + run + " tests");
    // One of the limits is tried at full size only.
    assertEquals(TestRun.full() ? 0 : 1, Integer.parseInt(last.group(2)));
    TestRun.report("tests of an engine by a stranger", run);
  }
}
