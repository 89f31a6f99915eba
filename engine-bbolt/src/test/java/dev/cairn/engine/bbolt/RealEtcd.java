package dev.cairn.engine.bbolt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.testkit.FreePort;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real etcd of one member, running on a data directory until it is closed. */
final class RealEtcd implements AutoCloseable {
  /** By itself it gives up after 2 and 5 seconds, which pass on a busy machine. */
  private static final List<String> PATIENT_ETCDCTL =
      List.of("etcdctl", "--command-timeout=60s", "--dial-timeout=60s");

  private static final int ANSWER_TRIES_MAX = 300;
  private static final long STOP_SECONDS_MAX = 20;

  private final Path dataDir;
  private final Process process;
  private final String endpoint;
  private final List<FreePort> ports;

  private RealEtcd(Path dataDir, Process process, String endpoint, List<FreePort> ports) {
    this.dataDir = dataDir;
    this.process = process;
    this.endpoint = endpoint;
    this.ports = ports;
  }

  /** It must be there where CI says so; elsewhere a test that needs it is skipped. */
  static void need() {
    boolean there = isOnPath("etcd") && isOnPath("etcdctl");
    assertTrue(there || !"true".equals(System.getenv("CI")), "CI has no etcd");
    assumeTrue(there, "skipped: no etcd and etcdctl on the PATH");
  }

  static boolean isOnPath(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Starts it and waits until it answers. */
  static RealEtcd start(Path dataDir) throws Exception {
    FreePort clientPort = FreePort.hold();
    FreePort peerPort = FreePort.hold();
    String client = "http://" + clientPort.address();
    String peer = "http://" + peerPort.address();
    List<String> command = new ArrayList<>(List.of("etcd", "--data-dir", dataDir.toString()));
    command.addAll(List.of("--listen-client-urls", client, "--advertise-client-urls", client));
    command.addAll(List.of("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer));
    command.addAll(List.of("--initial-cluster", "default=" + peer));
    Path log = dataDir.resolveSibling(dataDir.getFileName() + ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    RealEtcd etcd = new RealEtcd(dataDir, process, client, List.of(clientPort, peerPort));
    try {
      etcd.awaitAnswer();
      return etcd;
    } catch (Exception | AssertionError e) {
      etcd.close();
      throw new AssertionError("etcd does not answer: " + Files.readString(log), e);
    }
  }

  private void awaitAnswer() throws Exception {
    for (int i = 0; i < ANSWER_TRIES_MAX && process.isAlive(); i++) {
      try {
        ask("get", "nothing");
        return;
      } catch (AssertionError notYet) {
        Thread.sleep(100);
      }
    }
    ask("get", "nothing");
  }

  /** What etcdctl prints of it. */
  String ask(String... words) throws Exception {
    List<String> command = new ArrayList<>(PATIENT_ETCDCTL);
    command.addAll(List.of("--endpoints", endpoint));
    command.addAll(List.of(words));
    Path output = Files.createTempFile(dataDir.getParent(), "etcdctl", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("ETCDCTL_API", "3");
    int exit = builder.start().waitFor();
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertEquals(0, exit, () -> command + ": " + text);
    return text;
  }

  /** Its database. */
  static Path db(Path dataDir) {
    return dataDir.resolve("member").resolve("snap").resolve("db");
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException hurried) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    ports.forEach(FreePort::close);
  }
}
