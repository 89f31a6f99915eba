package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.testkit.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A real etcd on free loopback ports, alone in its cluster. */
final class RealEtcd implements AutoCloseable {
  private final Process process;
  private final FreePort clientPort;
  private final FreePort peerPort;

  private RealEtcd(Process process, FreePort clientPort, FreePort peerPort) {
    this.process = process;
    this.clientPort = clientPort;
    this.peerPort = peerPort;
  }

  /** Starts one over a data directory, new or restored with defaults. */
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

  String endpoint() {
    return clientPort.address();
  }

  /** As {@code kill -9}; returns when it is dead. */
  void kill() {
    process.destroyForcibly();
    try {
      assertTrue(process.waitFor(300, TimeUnit.SECONDS), "etcd does not die");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
    clientPort.close();
    peerPort.close();
  }
}
