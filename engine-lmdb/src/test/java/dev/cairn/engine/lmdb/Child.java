package dev.cairn.engine.lmdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main class in a JVM of its own, without any JVM flags. */
final class Child {
  private static final int SECONDS_MAX = 300;

  private Child() {}

  /**
   * Runs it to its end, which must be a good one.
   *
   * @param before a program that runs the JVM, or nothing
   * @return what it printed
   */
  static List<String> run(List<String> before, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:-CreateCoredumpOnCrash", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(Path.of(System.getProperty("java.io.tmpdir")).toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS), "hangs");
    assertEquals(0, process.exitValue(), () -> main.getSimpleName() + " ended badly: " + output);
    return output.lines().toList();
  }

  /** Whether a program is there. */
  static boolean found(String program) {
    for (String directory : System.getenv("PATH").split(":")) {
      if (Path.of(directory, program).toFile().canExecute()) {
        return true;
      }
    }
    return false;
  }
}
