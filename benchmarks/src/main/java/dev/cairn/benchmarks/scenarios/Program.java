package dev.cairn.benchmarks.scenarios;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A program that runs, and the most memory it was seen with; killed when it is closed. */
final class Program implements AutoCloseable {
  private static final long SAMPLE_MILLIS = 10;
  private static final long START_SECONDS = 120;
  private static final long END_SECONDS = 1_800;

  private final String command;
  private final Process process;
  private final Path log;
  private final long startedNanos = System.nanoTime();
  private final Map<String, Long> most = new TreeMap<>();

  private Program(String command, Process process, Path log) {
    this.command = command;
    this.process = process;
    this.log = log;
    Thread sampler = new Thread(this::sample, "memory of " + process.pid());
    sampler.setDaemon(true);
    sampler.start();
  }

  /** Starts it; what it prints goes to a file of that folder. */
  static Program start(Path folder, ProcessBuilder builder) throws IOException {
    Path log = Files.createTempFile(folder, "program", ".log");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return new Program(builder.command().get(0), builder.start(), log);
  }

  /** Runs it to its end. */
  static Map<String, Double> run(Path folder, ProcessBuilder builder)
      throws IOException, InterruptedException {
    try (Program program = start(folder, builder)) {
      return program.finish();
    }
  }

  static ProcessBuilder of(String... command) {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
    builder.environment().put("ETCDCTL_API", "3");
    return builder;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits until the port answers. */
  Program awaitPort(int port) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!answers(port)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw failure("does not listen on " + port);
      }
      Thread.sleep(SAMPLE_MILLIS);
    }
    return this;
  }

  private static boolean answers(int port) {
    try {
      new Socket(InetAddress.getLoopbackAddress(), port).close();
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Waits for its end, which must be a good one, and tells seconds and memory. */
  private Map<String, Double> finish() throws IOException, InterruptedException {
    if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      throw failure("is still running");
    }
    double seconds = (System.nanoTime() - startedNanos) / 1e9;
    if (process.exitValue() != 0) {
      throw failure("ended with " + process.exitValue());
    }
    Map<String, Double> values = memory("");
    values.put("seconds", seconds);
    return values;
  }

  private IOException failure(String what) throws IOException {
    return new IOException(command + " " + what + ": " + Files.readString(log));
  }

  /** The most it was seen with so far, each name behind a prefix. */
  Map<String, Double> memory(String prefix) {
    Map<String, Double> values = new TreeMap<>();
    synchronized (most) {
      most.forEach((name, bytes) -> values.put(prefix + name + "BytesMax", (double) bytes));
    }
    return values;
  }

  /** From here on; what was before is forgotten. */
  void forgetMemory() {
    synchronized (most) {
      most.clear();
    }
  }

  private void sample() {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    try {
      while (process.isAlive()) {
        for (String line : Files.readAllLines(status)) {
          note(line, "RssAnon");
          note(line, "RssFile");
        }
        Thread.sleep(SAMPLE_MILLIS);
      }
    } catch (IOException | InterruptedException gone) {
      // It has ended, or there is no such file on this system: then there are no such figures.
    }
  }

  private void note(String line, String name) {
    if (line.startsWith(name + ":")) {
      long bytes = Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
      synchronized (most) {
        most.merge(Character.toLowerCase(name.charAt(0)) + name.substring(1), bytes, Math::max);
      }
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
