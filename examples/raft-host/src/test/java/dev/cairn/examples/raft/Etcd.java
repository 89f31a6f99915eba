package dev.cairn.examples.raft;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.testkit.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real etcd of one member, on a data directory until it is closed. */
final class Etcd implements AutoCloseable {
  /** By itself it gives up after 2 and 5 seconds, which pass on a busy machine. */
  private static final List<String> PATIENT_ETCDCTL =
      List.of("etcdctl", "--command-timeout=60s", "--dial-timeout=60s");

  private static final long START_SECONDS_MAX = 120;
  private static final long STOP_SECONDS_MAX = 30;
  private static final Pattern HASH = Pattern.compile("\"hash\":(\\d+)");

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final String endpoint;
  private final Path log;
  private final List<FreePort> ports;

  private Etcd(Process process, String endpoint, Path log, List<FreePort> ports) {
    this.process = process;
    this.endpoint = endpoint;
    this.log = log;
    this.ports = ports;
  }

  static boolean isThere() {
    return Stream.of("etcd", "etcdctl").allMatch(Etcd::isOnPath);
  }

  private static boolean isOnPath(String name) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(each -> Files.isExecutable(Path.of(each, name)));
  }

  static Etcd start(Path data, String... flags) throws Exception {
    FreePort clientPort = FreePort.hold();
    FreePort peerPort = FreePort.hold();
    String client = "http://" + clientPort.address();
    String peer = "http://" + peerPort.address();
    List<String> command = new ArrayList<>(List.of("etcd", "--data-dir", data.toString()));
    command.addAll(List.of("--listen-client-urls", client, "--advertise-client-urls", client));
    command.addAll(List.of("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer));
    command.addAll(List.of("--initial-cluster", "default=" + peer));
    command.addAll(List.of(flags));
    Path log = data.resolveSibling(data.getFileName() + ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    Etcd etcd = new Etcd(process, client, log, List.of(clientPort, peerPort));
    try {
      etcd.awaitAnswer();
      return etcd;
    } catch (Exception e) {
      etcd.close();
      throw e;
    }
  }

  private void awaitAnswer() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
    while (true) {
      try {
        post("/v3/kv/range", "{\"key\":\"AA==\"}");
        return;
      } catch (IOException notYet) {
        if (!process.isAlive() || System.nanoTime() > end) {
          String text = Files.readString(log, UTF_8);
          throw new IOException(
              "etcd does not start: " + text.substring(Math.max(0, text.length() - 3_000)), notYet);
        }
        Thread.sleep(50);
      }
    }
  }

  private void post(String path, String json) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(endpoint + path))
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(answer.body());
    }
  }

  /** Puts by the gateway: a process for each would take long. */
  void put(String key, String value) throws IOException, InterruptedException {
    post("/v3/kv/put", "{\"key\":\"%s\",\"value\":\"%s\"}".formatted(text(key), text(value)));
  }

  private static String text(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  /** What etcdctl prints. */
  String ask(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(PATIENT_ETCDCTL);
    command.addAll(List.of("--endpoints", endpoint));
    command.addAll(List.of(words));
    // Newer ones warn on stderr of the variable below, which older ones need.
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("ETCDCTL_API", "3");
    Process etcdctl = builder.start();
    String printed = new String(etcdctl.getInputStream().readAllBytes(), UTF_8);
    if (etcdctl.waitFor() != 0) {
      throw new IOException(command + ": " + printed);
    }
    return printed;
  }

  long hashKv() throws IOException, InterruptedException {
    String json = ask("endpoint", "hashkv", "-w", "json");
    Matcher hash = HASH.matcher(json);
    if (!hash.find()) {
      throw new IOException("no hash in " + json);
    }
    return Long.parseLong(hash.group(1));
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException hurried) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    ports.forEach(FreePort::close);
  }
}
