package dev.cairn.benchmarks.scenarios;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The programs: the command of this checkout, and etcd's where they are installed. */
final class Checkout {
  /** Every command of ours runs with so little. */
  static final String SMALL_HEAP = "-Xmx64m";

  private final Path launcher;

  /**
   * Looks at a checkout whose command is built.
   *
   * @param root the folder that holds {@code bin/cairn}
   */
  Checkout(Path root) {
    launcher = root.resolve("bin/cairn").toAbsolutePath();
  }

  ProcessBuilder cairn(String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = Program.of(command.toArray(String[]::new));
    builder.environment().put("CAIRN_JAVA_OPTS", SMALL_HEAP);
    return builder;
  }

  static boolean hasEtcd() {
    return onPath("etcd") && onPath("etcdctl");
  }

  private static boolean onPath(String program) {
    for (String directory : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }
}
