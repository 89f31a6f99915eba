package dev.cairn.snapshot.http;

import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Which path is answered by whom. */
final class Routes extends Handler.Abstract {
  private static final String[] PREFIXES = {"/v3/", "/v3beta/"};

  private final MaintenancePaths paths = new MaintenancePaths();
  private final Maintenance maintenance;
  private final Optional<Probes> probes;
  private final SlowClients slowClients;

  Routes(Maintenance maintenance, Optional<Probes> probes, SlowClients slowClients) {
    this.maintenance = maintenance;
    this.probes = probes;
    this.slowClients = slowClients;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Connection connection = request.getConnectionMetaData().getConnection();
    Request.addCompletionListener(request, failure -> slowClients.expectRequest(connection));
    Exchange exchange = new Exchange(request, response, callback);
    // There is none where the request is for the server as a whole.
    String path = Objects.requireNonNullElse(request.getHttpURI().getCanonicalPath(), "");
    Optional<MaintenancePaths.Method> method = paths.find(path);
    if (exchange.method().equals("OPTIONS")) {
      exchange.nothing();
    } else if (method.isPresent()) {
      call(method.get(), exchange, connection);
    } else if (probes.isEmpty() || !probes.get().answer(path, exchange)) {
      exchange.text(404, isGateway(path) ? "Not Found\n" : "404 page not found\n");
    }
    return true;
  }

  private static boolean isGateway(String path) {
    return path.startsWith(PREFIXES[0]) || path.startsWith(PREFIXES[1]);
  }

  private void call(MaintenancePaths.Method method, Exchange exchange, Connection connection) {
    if (!exchange.method().equals("POST")) {
      maintenance.refuseMethod(exchange);
      return;
    }
    Body.read(
        exchange.request(),
        new Body.Reader() {
          @Override
          public void whole(byte[] body) {
            slowClients.hasRequest(connection);
            maintenance.call(method, body, exchange);
          }

          @Override
          public void tooLarge(long bytes) {
            slowClients.hasRequest(connection);
            maintenance.refuseTooLarge(exchange, bytes);
          }

          @Override
          public void broken(Throwable failure) {
            exchange.done().failed(failure);
          }
        });
  }
}
