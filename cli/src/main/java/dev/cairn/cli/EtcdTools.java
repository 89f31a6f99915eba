package dev.cairn.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The real etcd and its tools, where they are on the PATH: any of 3.4 to 3.7.
 *
 * @param etcd the server
 * @param etcdctl the client
 * @param snapshotTool what knows {@code snapshot status} and {@code restore}: etcdutl since 3.5,
 *     etcdctl before
 * @param version of the server, such as {@code 3.4.23}
 */
record EtcdTools(Path etcd, Path etcdctl, Path snapshotTool, String version) {
  private static final Pattern VERSION = Pattern.compile("etcd Version: (\\S+)");

  /** What a tool printed. */
  record Output(int exitCode, String out, String err) {}

  /** The tools, when server and client are both there and run. */
  static Optional<EtcdTools> find() throws IOException {
    Optional<Path> etcd = onPath("etcd");
    Optional<Path> etcdctl = onPath("etcdctl");
    if (etcd.isEmpty() || etcdctl.isEmpty()) {
      return Optional.empty();
    }
    Matcher version = VERSION.matcher(run(List.of(etcd.get().toString(), "--version")).out());
    Path snapshotTool = onPath("etcdutl").orElse(etcdctl.get());
    return version.find()
        ? Optional.of(new EtcdTools(etcd.get(), etcdctl.get(), snapshotTool, version.group(1)))
        : Optional.empty();
  }

  private static Optional<Path> onPath(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    for (String directory : path.split(File.pathSeparator)) {
      File file = new File(directory, name);
      if (!directory.isEmpty() && file.isFile() && file.canExecute()) {
        return Optional.of(file.toPath());
      }
    }
    return Optional.empty();
  }

  /** Runs {@code etcdctl}. */
  Output etcdctl(String... words) throws IOException {
    return run(command(etcdctl, words));
  }

  /** Runs {@code snapshot status} or {@code snapshot restore} and the like. */
  Output snapshot(String... words) throws IOException {
    List<String> command = command(snapshotTool, words);
    command.add(1, "snapshot");
    return run(command);
  }

  private static List<String> command(Path program, String... words) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of(words));
    return command;
  }

  private static Output run(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("ETCDCTL_API", "3");
    Process process = builder.start();
    process.getOutputStream().close();
    try (InputStream out = process.getInputStream();
        InputStream err = process.getErrorStream()) {
      // These tools print a few lines; neither pipe fills while the other one is read.
      String printed = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      String complained = new String(err.readAllBytes(), StandardCharsets.UTF_8);
      return new Output(process.waitFor(), printed, complained);
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while running " + command.get(0), interrupted);
    }
  }

  /** A whole number in JSON by its key; fails when it is not there. */
  static long number(String json, String key) throws IOException {
    Matcher number = Pattern.compile("\"" + key + "\":\\s*\"?(-?\\d+)").matcher(json);
    if (!number.find()) {
      throw new IOException("no " + key + " in " + json.strip());
    }
    return Long.parseLong(number.group(1));
  }
}
