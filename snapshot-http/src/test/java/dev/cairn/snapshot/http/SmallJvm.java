package dev.cairn.snapshot.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.snapshot.grpc.MaintenanceConfig;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A gateway in a JVM of its own with little memory, heap and direct. */
final class SmallJvm implements AutoCloseable {
  private final Process process;
  private final int port;

  private SmallJvm(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Serves a store; returns when it listens. */
  static SmallJvm serving(Path file) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:+ExitOnOutOfMemoryError"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(SmallJvm.class.getName(), file.toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out = process.inputReader(UTF_8);
    return new SmallJvm(process, Integer.parseInt(out.readLine()));
  }

  int port() {
    return port;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What the system counts as its memory, its files not among it. */
  long rssAnonBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("RssAnon:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    return 0;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The child. */
  public static void main(String[] arguments) throws Exception {
    StoreMetrics metrics = new StoreMetrics();
    StoreConfig config = StoreConfig.existing().withListener(metrics);
    try (Store store = Store.open(Path.of(arguments[0]), config);
        Door door =
            Door.to(
                store,
                MaintenanceConfig.defaults(),
                GatewayConfig.defaults().withMonitored(store, metrics))) {
      System.out.println(door.port());
      TimeUnit.DAYS.sleep(1);
    }
  }
}
