package dev.cairn.cli;

import dev.cairn.snapshot.grpc.MaintenanceService;
import dev.cairn.snapshot.grpc.ServerTls;
import dev.cairn.snapshot.http.Gateway;
import dev.cairn.snapshot.http.GatewayConfig;
import dev.cairn.snapshot.http.StoreMetrics;
import dev.cairn.store.Store;
import java.net.InetSocketAddress;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The HTTP door of a server; shut unless it is asked for. */
final class HttpOptions {
  private final StoreMetrics metrics = new StoreMetrics();

  @Option(
      names = "--http-listen",
      paramLabel = "HOST:PORT",
      converter = ListenAddress.class,
      description =
          "Where etcd's JSON gateway, /metrics, /health, /livez and /readyz listen, too; port 0 "
              + "takes a free one. Default: nowhere.")
  private InetSocketAddress httpListen;

  /** A door that may be shut. */
  record Door(Gateway gateway) implements AutoCloseable {
    Optional<InetSocketAddress> address() {
      return Optional.ofNullable(gateway).map(Gateway::address);
    }

    @Override
    public void close() {
      if (gateway != null) {
        gateway.close();
      }
    }
  }

  Optional<InetSocketAddress> address() {
    return Optional.ofNullable(httpListen);
  }

  /** Hears what the store does; also where nobody asks for it. */
  StoreMetrics metrics() {
    return metrics;
  }

  /** Opens it where it was asked for, behind the TLS of the server; both stay the caller's. */
  Door open(MaintenanceService service, Store store, Optional<ServerTls> tls) {
    if (httpListen == null) {
      return new Door(null);
    }
    GatewayConfig plain = GatewayConfig.defaults().withMonitored(store, metrics);
    GatewayConfig config =
        tls.map(each -> plain.withTls(each.sslContext(), each.clientCertAuth())).orElse(plain);
    return new Door(Gateway.start(service, httpListen, config));
  }
}
