package dev.cairn.cli;

import dev.cairn.snapshot.grpc.ClientConfig;
import dev.cairn.snapshot.grpc.MaintenanceClient;
import dev.cairn.spi.StorageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real etcd of one member, running on a data directory until it is closed. */
final class RealEtcd implements AutoCloseable {
  private static final long START_MILLIS_MAX = 30_000;
  private static final long STOP_SECONDS_MAX = 10;

  private final EtcdTools tools;
  private final Process process;
  private final String endpoint;

  private RealEtcd(EtcdTools tools, Process process, String endpoint) {
    this.tools = tools;
    this.process = process;
    this.endpoint = endpoint;
  }

  /** Starts it and waits until it has a leader; its log goes to a file beside the directory. */
  static RealEtcd start(EtcdTools tools, Path dataDir) throws IOException {
    int[] ports = freePorts();
    String client = "http://127.0.0.1:" + ports[0];
    String peer = "http://127.0.0.1:" + ports[1];
    Path log = dataDir.resolveSibling(dataDir.getFileName() + ".log");
    Process process =
        new ProcessBuilder(
                tools.etcd().toString(),
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
                "default=" + peer)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    RealEtcd etcd = new RealEtcd(tools, process, "127.0.0.1:" + ports[0]);
    boolean serves = false;
    try {
      etcd.awaitLeader(log);
      serves = true;
      return etcd;
    } finally {
      if (!serves) {
        etcd.close();
      }
    }
  }

  private void awaitLeader(Path log) throws IOException {
    long start = System.nanoTime();
    ClientConfig patient = ClientConfig.defaults().withDialMillis(START_MILLIS_MAX);
    try (MaintenanceClient client = MaintenanceClient.connect(endpoint, patient)) {
      while (!leads(client)) {
        if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(START_MILLIS_MAX)) {
          throw new IOException("etcd has no leader after 30 s; its log is " + log);
        }
        Thread.sleep(20);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while etcd was starting", interrupted);
    }
  }

  /** Since 3.6 a status is for users only; whoever refuses a stranger serves, so has a leader. */
  private static boolean leads(MaintenanceClient client) {
    try {
      return client.status().leaderId() != 0;
    } catch (StorageException refused) {
      if (refused.getMessage().contains("user name is empty")) {
        return true;
      }
      throw refused;
    }
  }

  private static int[] freePorts() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket one = new ServerSocket(0, 1, loopback);
        ServerSocket two = new ServerSocket(0, 1, loopback)) {
      return new int[] {one.getLocalPort(), two.getLocalPort()};
    }
  }

  String endpoint() {
    return endpoint;
  }

  /** The process, for those who kill it. */
  Process process() {
    return process;
  }

  /** What etcdctl prints of it. */
  String ask(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("--endpoints", endpoint));
    command.addAll(List.of(words));
    EtcdTools.Output output = tools.etcdctl(command.toArray(String[]::new));
    if (output.exitCode() != 0) {
      throw new IOException("etcdctl: " + output.err().strip());
    }
    return output.out();
  }

  /** The HashKV of all its keys. */
  long hashKv() throws IOException {
    return EtcdTools.number(ask("endpoint", "hashkv", "-w", "json"), "hash");
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
  }
}
