package dev.cairn.cli;

import dev.cairn.testkit.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real etcd of one member with flags of the test's, until it is closed. */
final class SecuredEtcd implements AutoCloseable {
  private static final long START_MILLIS_MAX = 300_000;

  private final EtcdTools tools;
  private final Process process;
  private final String endpoint;
  private final List<String> etcdctlFlags;
  private final List<FreePort> ports;

  private SecuredEtcd(
      EtcdTools tools,
      Process process,
      String endpoint,
      List<String> etcdctlFlags,
      List<FreePort> ports) {
    this.tools = tools;
    this.process = process;
    this.endpoint = endpoint;
    this.etcdctlFlags = etcdctlFlags;
    this.ports = ports;
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param scheme http or https
   * @param etcdctlFlags how etcdctl reaches it
   */
  static SecuredEtcd start(
      EtcdTools tools, Path dataDir, String scheme, List<String> etcdctlFlags, String... flags)
      throws IOException {
    FreePort clientPort = FreePort.hold();
    FreePort peerPort = FreePort.hold();
    String client = scheme + "://" + clientPort.address();
    String peer = "http://" + peerPort.address();
    List<String> command =
        new ArrayList<>(
            List.of(
                tools.etcd().toString(),
                "--data-dir=" + dataDir,
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=default=" + peer));
    command.addAll(List.of(flags));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(dataDir.resolveSibling(dataDir.getFileName() + ".log").toFile())
            .start();
    SecuredEtcd etcd =
        new SecuredEtcd(tools, process, client, etcdctlFlags, List.of(clientPort, peerPort));
    boolean serves = false;
    try {
      etcd.await();
      serves = true;
      return etcd;
    } finally {
      if (!serves) {
        etcd.close();
      }
    }
  }

  private void await() throws IOException {
    long start = System.nanoTime();
    while (ask("get", "health").exitCode() != 0) {
      boolean late = System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(START_MILLIS_MAX);
      if (late || !process.isAlive()) {
        throw new IOException("etcd does not answer: " + ask("get", "health").err());
      }
    }
  }

  /** What etcdctl says. */
  EtcdTools.Output ask(String... words) throws IOException {
    List<String> command = new ArrayList<>(EtcdCluster.PATIENCE);
    command.addAll(List.of("--endpoints", endpoint));
    command.addAll(etcdctlFlags);
    command.addAll(List.of(words));
    return tools.etcdctl(command.toArray(String[]::new));
  }

  /** The same, and it must have worked. */
  void tell(String... words) throws IOException {
    EtcdTools.Output output = ask(words);
    if (output.exitCode() != 0) {
      throw new IOException("etcdctl " + String.join(" ", words) + ": " + output.err().strip());
    }
  }

  /** With its scheme. */
  String endpoint() {
    return endpoint;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    ports.forEach(FreePort::close);
  }
}
