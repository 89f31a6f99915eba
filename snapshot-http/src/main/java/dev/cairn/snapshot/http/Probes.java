package dev.cairn.snapshot.http;

import dev.cairn.etcd.EtcdView;
import dev.cairn.spi.StorageException;
import dev.cairn.store.Store;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/** What watches over the server: figures and health, for everybody who asks. Thread-safe. */
final class Probes {
  private static final String METRICS = "/metrics";

  private final Store store;
  private final StoreMetrics metrics;
  private final Map<String, Consumer<Exchange>> paths =
      Map.of(
          METRICS,
          this::metrics,
          "/health",
          this::health,
          "/livez",
          this::live,
          "/readyz",
          this::ready);

  Probes(GatewayConfig.Monitored monitored) {
    store = monitored.store();
    metrics = monitored.metrics();
  }

  /** Whether this was one of the paths. */
  boolean answer(String path, Exchange exchange) {
    Consumer<Exchange> answer = paths.get(path);
    if (answer == null) {
      return false;
    }
    // As etcd, which gives its figures to any method.
    if (!path.equals(METRICS) && !exchange.method().equals("GET")) {
      exchange.setHeader(new HttpField(HttpHeader.ALLOW, "GET"));
      exchange.text(405, "Method Not Allowed\n");
      return true;
    }
    try {
      answer.accept(exchange);
    } catch (StorageException e) {
      // Everybody may ask, so the code is all that is told: the message names files.
      exchange.text(503, e.code().text() + "\n");
    }
    return true;
  }

  private void metrics(Exchange exchange) {
    exchange.text(200, Exposition.CONTENT_TYPE, metrics.text(store.stats()));
  }

  /** etcd's: false while there is an alarm, or nothing can be written. */
  private void health(Exchange exchange) {
    boolean healthy = store.refusal().isEmpty() && store.view(EtcdView::alarms).isEmpty();
    if (healthy) {
      exchange.text(200, "{\"health\":\"true\"}");
    } else {
      exchange.text(503, "{\"health\":\"false\"}\n");
    }
  }

  /** Whether it can be read. */
  private void live(Exchange exchange) {
    store.openView().close();
    exchange.text(200, "ok\n");
  }

  /** Whether it takes updates. */
  private void ready(Exchange exchange) {
    Optional<StorageException> refusal = store.refusal();
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    exchange.text(200, "ok\n");
  }
}
