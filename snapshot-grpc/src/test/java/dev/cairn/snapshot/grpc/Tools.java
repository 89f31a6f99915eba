package dev.cairn.snapshot.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Real etcd tools, where they are on the path. On CI they must be. */
final class Tools {
  /** By itself it gives up after 2 and 5 seconds, which pass on a busy machine. */
  private static final List<String> PATIENT_ETCDCTL =
      List.of("etcdctl", "--command-timeout=60s", "--dial-timeout=60s");

  private final Path directory;

  /** Runs tools in a directory of the test. */
  Tools(Path directory) {
    this.directory = directory;
  }

  static void need(String... names) {
    boolean required = "true".equals(System.getenv("CI"));
    for (String name : names) {
      boolean found = find(name);
      System.out.printf("tool %s: %s%n", name, found ? "found" : "not found");
      assumeTrue(found || required, name + " is not on the path");
    }
  }

  private static boolean find(String name) {
    for (String place : System.getenv("PATH").split(File.pathSeparator)) {
      if (Files.isExecutable(Path.of(place, name))) {
        return true;
      }
    }
    return false;
  }

  /** Runs etcdctl; it must succeed. Gives its standard output. */
  String etcdctl(String... arguments) throws IOException, InterruptedException {
    return etcdctlWithInput("", arguments);
  }

  /** The same with something on its standard input. */
  String etcdctlWithInput(String input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(PATIENT_ETCDCTL);
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(directory, "out", ".txt");
    Path errors = Files.createTempFile(directory, "err", ".txt");
    Path in = Files.writeString(Files.createTempFile(directory, "in", ".txt"), input);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectInput(in.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    builder.environment().put("ETCDCTL_API", "3");
    int exit = builder.start().waitFor();
    assertEquals(0, exit, () -> command + ": " + read(output) + read(errors));
    return read(output);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
