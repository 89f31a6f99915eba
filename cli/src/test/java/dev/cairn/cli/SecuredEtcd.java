package dev.cairn.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real etcd of one member with flags of the test's, until it is closed. */
final class SecuredEtcd implements AutoCloseable {
  private static final long START_MILLIS_MAX = 60_000;

  private final EtcdTools tools;
  private final Process process;
  private final String endpoint;
  private final List<String> etcdctlFlags;

  private SecuredEtcd(
      EtcdTools tools, Process process, String endpoint, List<String> etcdctlFlags) {
    this.tools = tools;
    this.process = process;
    this.endpoint = endpoint;
    this.etcdctlFlags = etcdctlFlags;
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
    String client = scheme + "://127.0.0.1:" + freePort();
    String peer = "http://127.0.0.1:" + freePort();
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
    SecuredEtcd etcd = new SecuredEtcd(tools, process, client, etcdctlFlags);
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
    List<String> command = new ArrayList<>(List.of("--endpoints", endpoint));
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

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
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
  }
}
