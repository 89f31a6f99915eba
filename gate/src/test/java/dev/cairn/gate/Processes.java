package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.testkit.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Programs run as a user runs them, on loopback, each ended by the test that started it. */
final class Processes implements AutoCloseable {
  /** What a finished program left. */
  record Done(int exitCode, String out, String err, double seconds, long rssAnonMaxBytes) {
    Done expectSuccess() {
      assertEquals(0, exitCode, err + out);
      return this;
    }
  }

  private static final long PATIENCE_SECONDS = 1_200;
  private static final long SAMPLE_MILLIS = 20;

  private final Path folder;
  private final List<Process> running = new ArrayList<>();
  private final List<FreePort> ports = new ArrayList<>();

  Processes(Path folder) {
    this.folder = folder;
  }

  /** The root of the checkout: the folder that holds {@code bin/cairn}. */
  static Path checkout() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("bin/cairn")) ? here : here.getParent();
  }

  static ProcessBuilder cairn(String javaOptions, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(checkout().resolve("bin/cairn").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CAIRN_JAVA_OPTS", javaOptions);
    return builder;
  }

  /** Real etcd must be there in CI; elsewhere a test that needs it reports itself as skipped. */
  static void needEtcd() {
    boolean there = onPath("etcd") && onPath("etcdctl");
    if (!there && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("CI must have etcd and etcdctl on the PATH");
    }
    Assumptions.assumeTrue(there, "skipped: no etcd and etcdctl on the PATH");
  }

  private static boolean onPath(String program) {
    for (String directory : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }

  /** A loopback port for a server, nobody else's until the end. */
  int freePort() {
    FreePort port = FreePort.hold();
    ports.add(port);
    return port.number();
  }

  /** Starts a server and waits until its port answers. */
  Process startServer(ProcessBuilder builder, int port) throws Exception {
    Path log = Files.createTempFile(folder, "server", ".log");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    running.add(process);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline && process.isAlive()) {
      if (answers(port)) {
        return process;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("no server on port " + port + ": " + Files.readString(log));
  }

  private static boolean answers(int port) {
    try {
      new Socket(InetAddress.getLoopbackAddress(), port).close();
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Real etcd over a data directory; its client port is {@code port}. */
  Process startEtcd(Path dataDir, int port, int peerPort) throws Exception {
    String client = "http://127.0.0.1:" + port;
    String peer = "http://127.0.0.1:" + peerPort;
    ProcessBuilder builder =
        new ProcessBuilder(
            "etcd",
            "--data-dir",
            dataDir.toString(),
            "--listen-client-urls",
            client,
            "--advertise-client-urls",
            client,
            "--listen-peer-urls",
            peer,
            "--initial-advertise-peer-urls",
            peer,
            "--initial-cluster",
            "default=" + peer);
    return startServer(builder, port);
  }

  static ProcessBuilder etcdctl(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("etcdctl", "--command-timeout=60s", "--dial-timeout=60s"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("ETCDCTL_API", "3");
    return builder;
  }

  /** Runs a program to its end, watching its anonymous memory. */
  Done run(ProcessBuilder builder) throws Exception {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    long started = System.nanoTime();
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    running.add(process);
    long deadline = started + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    long rss = 0;
    while (!process.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS)) {
      rss = Math.max(rss, rssAnonBytes(process));
      if (System.nanoTime() > deadline) {
        throw new AssertionError("still running: " + builder.command());
      }
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    running.remove(process);
    return new Done(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8),
        seconds,
        rss);
  }

  /** Anonymous resident memory as Linux counts it; 0 where it does not say. */
  static long rssAnonBytes(Process process) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
        if (line.startsWith("RssAnon:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
      return 0;
    } catch (IOException gone) {
      return 0;
    }
  }

  @Override
  public void close() {
    running.forEach(Process::destroyForcibly);
    running.forEach(process -> process.onExit().join());
    ports.forEach(FreePort::close);
  }
}
