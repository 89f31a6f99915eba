package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A Netty server of any service on a free loopback port, and a client of it. */
final class Loopback implements AutoCloseable {
  /** Held, or the level would be forgotten: clients that break off make gRPC talk a lot. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  static {
    GRPC.setLevel(Level.SEVERE);
  }

  /** For tests with servers of their own. */
  static void quietly() {
    assertEquals(Level.SEVERE, GRPC.getLevel());
  }

  /** On a busy machine the first connection of a process takes longer than 5 s. */
  static final ClientConfig PATIENT = ClientConfig.defaults().withDialMillis(60_000);

  private final Server server;

  private Loopback(Server server) {
    this.server = server;
  }

  static Loopback serving(ServerServiceDefinition service) throws IOException {
    return serving(service, 0);
  }

  static Loopback serving(ServerServiceDefinition service, int port) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return new Loopback(NettyServerBuilder.forAddress(address).addService(service).build().start());
  }

  /** Snapshots of an image, and nothing else. */
  static ServerServiceDefinition streaming(SnapshotStreams streams) {
    return ServerServiceDefinition.builder("etcdserverpb.Maintenance")
        .addMethod(streams.method())
        .build();
  }

  int port() {
    return server.getPort();
  }

  String endpoint() {
    return "127.0.0.1:" + port();
  }

  MaintenanceClient client() {
    return client(PATIENT);
  }

  MaintenanceClient client(ClientConfig config) {
    return MaintenanceClient.connect(endpoint(), config);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
