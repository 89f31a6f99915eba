package dev.cairn.io;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Another JVM that tries locks for a test: the system's view of what is locked. */
final class OtherProcess implements AutoCloseable {
  private final Process process;
  private final BufferedWriter asks;
  private final BufferedReader answers;

  private OtherProcess(Process process) {
    this.process = process;
    asks =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static OtherProcess start() throws Exception {
    Path classes =
        Path.of(OtherProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx32m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classes.toString(),
            OtherProcess.class.getName());
    return new OtherProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Whether it gets the lock; it lets it go at once. */
  boolean canLock(Path file, boolean shared) {
    return "true".equals(ask((shared ? "shared " : "exclusive ") + file));
  }

  /** Takes an exclusive lock and keeps it until the next call of {@link #letGo}. */
  void hold(Path file) {
    if (!"true".equals(ask("hold " + file))) {
      throw new AssertionError("the other process cannot lock " + file);
    }
  }

  void letGo() {
    ask("letGo -");
  }

  private String ask(String question) {
    try {
      asks.write(question + "\n");
      asks.flush();
      return answers.readLine();
    } catch (IOException e) {
      throw new AssertionError("the other process died", e);
    }
  }

  @Override
  public void close() throws IOException {
    asks.close();
    process.onExit().join();
  }

  /** The other side. */
  public static void main(String[] args) throws IOException {
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    FileChannel held = null;
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      String[] parts = line.split(" ", 2);
      boolean shared = parts[0].equals("shared");
      if (parts[0].equals("letGo")) {
        held.close();
        System.out.println("true");
        continue;
      }
      FileChannel channel =
          FileChannel.open(
              Path.of(parts[1]), shared ? StandardOpenOption.READ : StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      if (parts[0].equals("hold")) {
        held = channel;
      } else {
        channel.close();
      }
      System.out.println(lock != null);
    }
  }
}
