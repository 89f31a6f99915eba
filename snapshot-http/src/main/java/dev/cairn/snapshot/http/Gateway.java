package dev.cairn.snapshot.http;

import dev.cairn.snapshot.grpc.MaintenanceService;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A running HTTP/JSON gateway to a {@link MaintenanceService}, as etcd has one: {@code POST
 * /v3/maintenance/…}, and a snapshot as one JSON object a line. A caller's {@code Authorization}
 * reaches the service as the metadata {@code authorization}, and as etcd's {@code token} where it
 * is no bearer token. Thread-safe.
 */
public final class Gateway implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Gateway.class.getName());
  private static final int THREADS_MAX = 32;
  private static final int THREADS_MIN = 4;
  private static final int HEADER_BYTES_MAX = 64 << 10;

  private final Server server;
  private final ServerConnector connector;
  private final LocalService local;
  private final Runnable unlisten;

  private Gateway(Server server, ServerConnector connector, LocalService local, Runnable unlisten) {
    this.server = server;
    this.connector = connector;
    this.local = local;
    this.unlisten = unlisten;
  }

  /**
   * Starts serving.
   *
   * @param service what to call; stays the caller's, who closes it after this gateway
   * @param address where to listen; port 0 takes a free one
   * @param config how to serve
   * @return a running gateway that the caller closes
   * @throws StorageException {@code io} when the address is taken or not to be had
   */
  public static Gateway start(
      MaintenanceService service, InetSocketAddress address, GatewayConfig config) {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS_MAX, THREADS_MIN);
    threads.setName("cairn-gateway");
    threads.setDaemon(true);
    Server server = new Server(threads);
    ServerConnector connector = connector(server, config);
    connector.setHost(address.getAddress().getHostAddress());
    connector.setPort(address.getPort());
    LocalService local = new LocalService(service);
    SlowClients slowClients = new SlowClients(server.getScheduler(), config.requestMillisMax());
    connector.addBean(slowClients);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(config.connectionsMax(), connector));
    server.setErrorHandler(new PlainErrors());
    server.setHandler(
        new Routes(
            new Maintenance(local, config), config.monitored().map(Probes::new), slowClients));
    Gateway gateway = new Gateway(server, connector, local, listen(service, config));
    gateway.start(address);
    return gateway;
  }

  private static ServerConnector connector(Server server, GatewayConfig config) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADER_BYTES_MAX);
    // A cache of header fields takes some 50 KB of heap a connection, for the few that callers
    // send.
    http.setHeaderCacheSize(0);
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    ServerConnector connector =
        config
            .tls()
            .map(tls -> new ServerConnector(server, 1, 1, encrypted(tls, plain), plain))
            .orElseGet(() -> new ServerConnector(server, 1, 1, plain));
    connector.setIdleTimeout(config.idleMillisMax());
    return connector;
  }

  private static SslConnectionFactory encrypted(
      GatewayConfig.Tls tls, HttpConnectionFactory above) {
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setSslContext(tls.context());
    factory.setNeedClientAuth(tls.clientCertAuth());
    return new SslConnectionFactory(factory, above.getProtocol());
  }

  private static Runnable listen(MaintenanceService service, GatewayConfig config) {
    Optional<StoreMetrics> metrics = config.monitored().map(GatewayConfig.Monitored::metrics);
    metrics.ifPresent(service::addListener);
    return () -> metrics.ifPresent(service::removeListener);
  }

  private void start(InetSocketAddress address) {
    try {
      server.start();
    } catch (Exception e) {
      close();
      throw cannotListen(address, e);
    }
  }

  private static StorageException cannotListen(InetSocketAddress address, Exception cause) {
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
    return new InetSocketAddress(connector.getHost(), connector.getLocalPort());
  }

  /** How many clients are connected. */
  int connections() {
    return connector.getConnectedEndPoints().size();
  }

  /** Whether its port is open. */
  boolean isListening() {
    return connector.isOpen();
  }

  /** Takes no more requests and ends those that run; a snapshot breaks off. Idempotent. */
  @Override
  public void close() {
    unlisten.run();
    try {
      server.stop();
    } catch (Exception e) {
      LOG.log(Level.WARNING, "the gateway did not end cleanly", e);
    } finally {
      local.close();
    }
  }
}
