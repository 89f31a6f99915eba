package dev.cairn.snapshot.grpc;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A server of a store, in plaintext or behind TLS: {@link MaintenanceService}, the keys for
 * reading, gRPC's health service and server reflection. Thread-safe.
 *
 * <p>The first two ask the configuration's check who calls; whoever reaches the server may ask
 * about its health and its methods.
 *
 * <p>Health is SERVING while the store takes updates or was opened for reading alone, and
 * NOT_SERVING when it has stopped, waits for space, is closed, or this server is closing; asked for
 * as a whole or as {@code etcdserverpb.Maintenance} and {@code etcdserverpb.KV}.
 */
public final class MaintenanceServer implements AutoCloseable {
  private static final long CLOSE_SECONDS_MAX = 3;

  /** A hash holds a thread and a view while it reads a whole store: so many at once, not more. */
  private static final int THREADS_MAX = 64;

  private static final long THREAD_IDLE_SECONDS = 10;

  private final MaintenanceService service;
  private final StoreHealth health;
  private final Server server;
  private final ExecutorService threads;
  private final InetSocketAddress address;

  private MaintenanceServer(
      MaintenanceService service,
      StoreHealth health,
      Server server,
      ExecutorService threads,
      InetSocketAddress address) {
    this.service = service;
    this.health = health;
    this.server = server;
    this.threads = threads;
    this.address = address;
  }

  /**
   * Starts serving a store in plaintext.
   *
   * @param store the store; stays the caller's, who closes it after this server
   * @param address where to listen; port 0 takes a free one
   * @param config how to serve
   * @return a running server that the caller closes
   * @throws StorageException {@code io} when the address is taken or not to be had
   */
  public static MaintenanceServer start(
      Store store, InetSocketAddress address, MaintenanceConfig config) {
    return start(store, address, config, door(address));
  }

  /**
   * Starts serving a store behind TLS.
   *
   * @param store the store; stays the caller's, who closes it after this server
   * @param address where to listen; port 0 takes a free one
   * @param config how to serve
   * @param tls who the server is, and which clients it lets in
   * @return a running server that the caller closes
   * @throws StorageException {@code io} when the address is taken or not to be had; {@code
   *     unsupported} when this Java has no TLS
   */
  public static MaintenanceServer start(
      Store store, InetSocketAddress address, MaintenanceConfig config, ServerTls tls) {
    return start(store, address, config, door(address).sslContext(tls.nettyContext()));
  }

  private static NettyServerBuilder door(InetSocketAddress address) {
    return ServerLimits.defaults().set(NettyServerBuilder.forAddress(address));
  }

  /** The same behind a door that is set up but for what it serves. */
  static MaintenanceServer start(
      Store store, InetSocketAddress address, MaintenanceConfig config, NettyServerBuilder door) {
    MaintenanceService service = new MaintenanceService(store, config);
    StoreHealth health = StoreHealth.of(store);
    ExecutorService threads = threads();
    Server server =
        door.addService(service)
            .addService(service.keyValues())
            .addService(health.service())
            .addService(ProtoReflectionServiceV1.newInstance())
            .executor(threads)
            .build();
    try {
      server.start();
    } catch (IOException e) {
      server.shutdownNow();
      threads.shutdown();
      health.close();
      throw cannotListen(address, e);
    }
    return new MaintenanceServer(
        service, health, server, threads, (InetSocketAddress) server.getListenSockets().get(0));
  }

  private static ExecutorService threads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS_MAX,
            THREADS_MAX,
            THREAD_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "cairn-server");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
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
   * What it serves, for a further door to the same service.
   *
   * @return the service; closed with this server
   */
  public MaintenanceService service() {
    return service;
  }

  /**
   * Takes no more calls, ends the streams ({@code unavailable} for their clients) and waits a short
   * while for the rest. Idempotent.
   */
  @Override
  public void close() {
    health.close();
    server.shutdown();
    service.close();
    try {
      if (!server.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
        server.shutdownNow().awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    } finally {
      threads.shutdown();
    }
  }
}
