package dev.cairn.snapshot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.grpc.MaintenanceConfig;
import dev.cairn.snapshot.grpc.MaintenanceService;
import dev.cairn.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A gateway to a store on a free loopback port, and somebody who knocks. */
final class Door implements AutoCloseable {
  /** Held, or the level would be forgotten: clients that break off make Jetty talk. */
  private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

  static {
    JETTY.setLevel(Level.SEVERE);
  }

  private static final int WAIT_SECONDS_MAX = 300;

  private final HttpClient client = HttpClient.newHttpClient();
  private final MaintenanceService service;
  private final Gateway gateway;

  private Door(MaintenanceService service, GatewayConfig config) {
    this.service = service;
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    gateway = Gateway.start(service, free, config);
  }

  static Door to(Store store, MaintenanceConfig maintenance, GatewayConfig config) {
    return new Door(new MaintenanceService(store, maintenance), config);
  }

  static Door to(Store store) {
    return to(store, MaintenanceConfig.defaults(), GatewayConfig.defaults());
  }

  int port() {
    return gateway.address().getPort();
  }

  InetSocketAddress address() {
    return gateway.address();
  }

  /** How many connections the gateway has. */
  int connections() {
    return gateway.connections();
  }

  /** Ends what the service does, with the gateway still open. */
  void closeService() {
    service.close();
  }

  /** Sends a body to a path below {@code /v3/maintenance/}. */
  HttpResponse<String> post(String path, String body, String... headers) {
    return send("POST", "/v3/maintenance/" + path, body, headers);
  }

  HttpResponse<String> get(String path) {
    return send("GET", path, "");
  }

  HttpResponse<String> send(String method, String path, String body, String... headers) {
    URI uri = URI.create("http://127.0.0.1:" + port() + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(WAIT_SECONDS_MAX))
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return sendAgain(client, request.build());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /**
   * Once more where a connection that was kept is closed just as it is used again: a client cannot
   * know, and the next one is new.
   */
  static HttpResponse<String> sendAgain(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (HttpTimeoutException late) {
      throw late;
    } catch (IOException closed) {
      return client.send(request, BodyHandlers.ofString());
    }
  }

  /** A connection on which a test says what it likes. */
  Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port());
  }

  /** One that has asked for a snapshot, and reads none of it: it has room for next to nothing. */
  Socket askWithoutReading() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8 << 10);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
    say(socket, "POST /v3/maintenance/snapshot HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
    say(socket, "Content-Length: 2\r\n\r\n{}");
    return socket;
  }

  static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
    socket.getOutputStream().flush();
  }

  /** The concatenated blobs of a stream. */
  static byte[] blobs(String lines) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String line : lines.split("\n")) {
      String mark = "\"blob\":\"";
      int start = line.indexOf(mark) + mark.length();
      assertTrue(line.contains(mark), line);
      bytes.writeBytes(Base64.getDecoder().decode(line.substring(start, line.indexOf('"', start))));
    }
    return bytes.toByteArray();
  }

  /** Waits for what another thread does; fails when it takes very long. */
  static void eventually(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX);
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() - deadline < 0, what);
      try {
        TimeUnit.MILLISECONDS.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() {
    gateway.close();
    service.close();
    assertFalse(gateway.isListening(), "the port is open still");
  }
}
