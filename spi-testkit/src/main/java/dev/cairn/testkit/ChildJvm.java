package dev.cairn.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A second JVM with the class path and the access flags of this one. It is told what to do by lines
 * on its stdin, and ends when that does; it answers by lines on stdout.
 */
final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final PrintStream in;
  private final BufferedReader out;

  private ChildJvm(Process process) {
    this.process = process;
    this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static ChildJvm start(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.startsWith("--add-") || flag.startsWith("--enable-")) {
        command.add(flag);
      }
    }
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      return new ChildJvm(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new AssertionError("a second JVM does not start: " + e.getMessage(), e);
    }
  }

  void send(String line) {
    in.println(line);
  }

  /** The next line, or null when the child has ended. */
  String readLine() {
    try {
      return out.readLine();
    } catch (IOException ended) {
      return null;
    }
  }

  /**
   * SIGKILL, and waits until the system has cleaned up after it. What it said can still be read:
   * that is why the handle kills, as the process itself would close its streams.
   */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    awaitEnd();
  }

  void awaitEnd() throws InterruptedException {
    if (!process.waitFor(Tasks.HANG_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("a second JVM does not end");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
