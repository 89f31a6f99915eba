package dev.cairn.snapshot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.testkit.FreePort;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real etcd on free loopback ports, and its etcdctl. Where they are not, the test is skipped. */
final class RealEtcd implements AutoCloseable {
  /** By itself it gives up after 2 and 5 seconds, which pass on a busy machine. */
  private static final List<String> PATIENT_ETCDCTL =
      List.of("etcdctl", "--command-timeout=60s", "--dial-timeout=60s");

  private final Process process;
  private final FreePort clientPort;
  private final FreePort peerPort;

  private RealEtcd(Process process, FreePort clientPort, FreePort peerPort) {
    this.process = process;
    this.clientPort = clientPort;
    this.peerPort = peerPort;
  }

  /** On CI they must be there. */
  static void need() {
    boolean found = found("etcd") && found("etcdctl");
    System.out.printf("tool etcd: %s%n", found ? "found" : "not found");
    assumeTrue(found || "true".equals(System.getenv("CI")), "etcd is not on the path");
  }

  private static boolean found(String name) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(place -> Files.isExecutable(Path.of(place, name)));
  }

  static RealEtcd start(Path dataDirectory) throws IOException {
    FreePort clientPort = FreePort.hold();
    FreePort peerPort = FreePort.hold();
    String client = "http://" + clientPort.address();
    String peer = "http://" + peerPort.address();
    Process process =
        new ProcessBuilder(
                "etcd",
                "--data-dir=" + dataDirectory,
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=default=" + peer)
            .redirectErrorStream(true)
            .redirectOutput(dataDirectory.resolveSibling("etcd.log").toFile())
            .start();
    return new RealEtcd(process, clientPort, peerPort);
  }

  int port() {
    return clientPort.number();
  }

  /** Runs etcdctl against any server; it must succeed. */
  static void etcdctl(int port, Path directory, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(PATIENT_ETCDCTL);
    command.add("--endpoints=127.0.0.1:" + port);
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("etcdctl.txt").toFile());
    builder.environment().put("ETCDCTL_API", "3");
    int exit = builder.start().waitFor();
    assertEquals(0, exit, () -> command + ": see etcdctl.txt");
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      assertTrue(process.waitFor(300, TimeUnit.SECONDS), "etcd does not die");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    clientPort.close();
    peerPort.close();
  }
}
