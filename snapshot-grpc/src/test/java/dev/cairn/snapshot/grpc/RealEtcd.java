package dev.cairn.snapshot.grpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A real etcd on free loopback ports, alone in its cluster. */
final class RealEtcd implements AutoCloseable {
  private final Process process;
  private final int port;

  private RealEtcd(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one over a data directory, new or restored with defaults. */
  static RealEtcd start(Path dataDirectory) throws IOException {
    int port = freePort();
    String client = "http://127.0.0.1:" + port;
    String peer = "http://127.0.0.1:" + freePort();
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
    return new RealEtcd(process, port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  String endpoint() {
    return "127.0.0.1:" + port;
  }

  /** As {@code kill -9}; returns when it is dead. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
