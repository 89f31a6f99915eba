package dev.cairn.snapshot.http;

import com.google.protobuf.Message;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/** Turns requests into calls of the service. Thread-safe. */
final class Maintenance {
  private static final Metadata.Key<String> AUTHORIZATION = key("authorization");

  /** Where etcd's own clients put what they got from Authenticate. */
  private static final Metadata.Key<String> TOKEN = key("token");

  private static final String BEARER = "bearer ";

  private final LocalService service;
  private final Json json = new Json();
  private final ErrorBodies errors;
  private final ErrorStyle style;
  private final Semaphore calls;

  Maintenance(LocalService service, GatewayConfig config) {
    this.service = service;
    style = config.errorStyle();
    errors = new ErrorBodies(style);
    calls = new Semaphore(config.callsMax());
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  void call(MaintenancePaths.Method method, byte[] body, Exchange exchange) {
    Message request;
    try {
      request = json.read(body, method.empty());
    } catch (Json.Malformed e) {
      refuse(exchange, Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
      return;
    }
    if (method.isStream()) {
      ClientCall<Message, Message> call =
          service.call(method.descriptor(), caller(exchange.header("Authorization")));
      new SnapshotAnswer(call, exchange, errors).start(request);
    } else {
      callOnce(method, request, exchange);
    }
  }

  private void callOnce(MaintenancePaths.Method method, Message request, Exchange exchange) {
    if (!calls.tryAcquire()) {
      refuse(
          exchange,
          Status.RESOURCE_EXHAUSTED.withDescription("too many calls at once; try again later"));
      return;
    }
    ClientCalls.asyncUnaryCall(
        service.call(method.descriptor(), caller(exchange.header("Authorization"))),
        request,
        new UnaryAnswer(exchange, json, errors, calls::release));
  }

  private void refuse(Exchange exchange, Status status) {
    exchange.refuse(errors.httpStatus(status), errors.ofCall(status));
  }

  void refuseMethod(Exchange exchange) {
    if (style == ErrorStyle.ETCD_3_4) {
      exchange.text(405, "Method Not Allowed\n");
    } else {
      refuse(exchange, Status.UNIMPLEMENTED.withDescription("Method Not Allowed"));
    }
  }

  void refuseTooLarge(Exchange exchange, long bytes) {
    // The rest of it is not read, so nothing can follow on this connection.
    exchange.setHeader(new HttpField(HttpHeader.CONNECTION, "close"));
    refuse(
        exchange,
        Status.RESOURCE_EXHAUSTED.withDescription(
            "grpc: received message larger than max (%d vs. %d)".formatted(bytes, Body.BYTES_MAX)));
  }

  /** Who calls, as the service's guards want to know it. */
  static Metadata caller(String authorization) {
    Metadata headers = new Metadata();
    if (authorization != null) {
      headers.put(AUTHORIZATION, authorization);
      if (!authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
        headers.put(TOKEN, authorization);
      }
    }
    return headers;
  }
}
