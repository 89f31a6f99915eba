package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A server with {@link MaintenanceService} alone, in plaintext. Thread-safe. */
public final class MaintenanceServer implements AutoCloseable {
  /** As etcd; a client of ours asks every ten seconds. */
  private static final long PERMIT_KEEP_ALIVE_SECONDS = 5;

  /** A receiver whose machine vanished is noticed after this, and its pin let go. */
  private static final long KEEP_ALIVE_SECONDS = 30;

  private static final int REQUEST_BYTES_MAX = 2 << 20;
  private static final long CLOSE_SECONDS_MAX = 3;

  private final MaintenanceService service;
  private final Server server;
  private final InetSocketAddress address;

  private MaintenanceServer(MaintenanceService service, Server server, InetSocketAddress address) {
    this.service = service;
    this.server = server;
    this.address = address;
  }

  /**
   * Starts serving a store.
   *
   * @param store the store; stays the caller's, who closes it after this server
   * @param address where to listen; port 0 takes a free one
   * @param config how to serve
   * @return a running server that the caller closes
   * @throws StorageException {@code io} when the address is taken or not to be had
   */
  public static MaintenanceServer start(
      Store store, InetSocketAddress address, MaintenanceConfig config) {
    MaintenanceService service = new MaintenanceService(store, config);
    Server server =
        NettyServerBuilder.forAddress(address)
            .addService(service)
            .maxInboundMessageSize(REQUEST_BYTES_MAX)
            .permitKeepAliveTime(PERMIT_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .build();
    try {
      server.start();
    } catch (IOException e) {
      server.shutdownNow();
      throw cannotListen(address, e);
    }
    return new MaintenanceServer(
        service, server, (InetSocketAddress) server.getListenSockets().get(0));
  }

  private static StorageException cannotListen(InetSocketAddress address, IOException cause) {
    Throwable deepest = cause;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return StorageException.of(
        Code.IO,
        "cannot listen on %s:%d: %s; name a free address"
            .formatted(address.getHostString(), address.getPort(), deepest.getMessage()));
  }

  /**
   * Where it listens.
   *
   * @return the address, with the port that was taken
   */
  public InetSocketAddress address() {
    return address;
  }

  /**
   * Takes no more calls, ends the streams ({@code unavailable} for their clients) and waits a short
   * while for the rest. Idempotent.
   */
  @Override
  public void close() {
    server.shutdown();
    service.close();
    try {
      if (!server.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
        server.shutdownNow().awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
