package dev.cairn.bbolt;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** etcd's own tool for snapshot files, where it is on the PATH. */
final class Etcdctl {
  private final Path program;

  private Etcdctl(Path program) {
    this.program = program;
  }

  /** {@code etcdutl} where there is one: from 3.6 on {@code etcdctl} reads no files. */
  static Optional<Etcdctl> find() {
    return Stream.of("etcdutl", "etcdctl").flatMap(Etcdctl::onPath).findFirst().map(Etcdctl::new);
  }

  private static Stream<Path> onPath(String name) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable);
  }

  /** Runs it; an exit code other than 0 is an assertion error with what it printed. */
  String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("ETCDCTL_API", "3");
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(600, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(command + ": " + output);
    }
    return output;
  }

  @Override
  public String toString() {
    return program.toString();
  }
}
