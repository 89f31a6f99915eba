package dev.cairn.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.grpc.MaintenanceService;
import dev.cairn.snapshot.http.Gateway;
import dev.cairn.snapshot.http.GatewayConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The HTTP door of a served store, and what callers do there. Thread-safe. */
final class SoakDoor implements AutoCloseable {
  private static final Pattern BLOB = Pattern.compile("\"blob\":\"([^\"]*)\"");

  private final Gateway gateway;
  private final String endpoint;
  private final HttpClient client = HttpClient.newHttpClient();

  SoakDoor(MaintenanceService service) {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    gateway = Gateway.start(service, free, GatewayConfig.defaults());
    endpoint = "http://127.0.0.1:" + gateway.address().getPort();
  }

  private HttpResponse<InputStream> snapshot() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(endpoint + "/v3/maintenance/snapshot"))
            .POST(BodyPublishers.ofString("{}"))
            .build();
    HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
    assertEquals(200, response.statusCode());
    return response;
  }

  private static BufferedReader lines(HttpResponse<InputStream> response) {
    return new BufferedReader(new InputStreamReader(response.body(), US_ASCII));
  }

  private static byte[] blob(String line) {
    Matcher blob = BLOB.matcher(line);
    assertTrue(blob.find(), () -> "no frame: " + line.substring(0, Math.min(200, line.length())));
    return Base64.getDecoder().decode(blob.group(1));
  }

  /** Reads a snapshot to its end; its last frame is the hash of all before. */
  void read() throws IOException, InterruptedException, GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] last = {};
    try (BufferedReader lines = lines(snapshot())) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        digest.update(last);
        last = blob(line);
      }
    }
    assertArrayEquals(digest.digest(), last, "the hash behind a snapshot");
  }

  /** Reads some frames and hangs up. */
  void hangUp() throws IOException, InterruptedException {
    try (InputStream body = snapshot().body()) {
      body.readNBytes(ThreadLocalRandom.current().nextInt(1, 3 << 20));
    }
  }

  void look() throws IOException, InterruptedException {
    String status = post("/v3/maintenance/status");
    assertTrue(status.contains("\"dbSize\":\""), status);
  }

  private String post(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(endpoint + path))
            .POST(BodyPublishers.ofString("{}"))
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    assertEquals(200, response.statusCode(), response.body());
    return response.body();
  }

  @Override
  public void close() {
    gateway.close();
  }
}
