package dev.cairn.snapshot.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.snapshot.SaveOptions;
import dev.cairn.spi.StorageException;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server or a receiver in a JVM of its own with little memory, heap and direct. */
final class SmallJvm implements AutoCloseable {
  private static final int HASH_BYTES = 32;
  private static final int SLOW_PIECES = 64;
  private static final long SLOW_PIECE_MILLIS = 20;

  private final Process process;
  private final BufferedReader out;

  private SmallJvm(Process process) {
    this.process = process;
    this.out = process.inputReader(UTF_8);
  }

  static SmallJvm start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:+ExitOnOutOfMemoryError"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SmallJvm.class.getName());
    command.addAll(List.of(arguments));
    return new SmallJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The next line it prints; null when it has ended. */
  String readLine() throws IOException {
    return out.readLine();
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

  /** As {@code kill -9}. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    kill();
  }

  /** The child: {@code serve FILE FORMAT}, {@code save ENDPOINT FILE} or {@code slow ENDPOINT}. */
  public static void main(String[] arguments) throws Exception {
    Loopback.quietly();
    switch (arguments[0]) {
      case "serve" -> serve(Path.of(arguments[1]), SnapshotFormat.valueOf(arguments[2]));
      case "save" -> save(arguments[1], Path.of(arguments[2]));
      case "slow" -> readSlowly(arguments[1]);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void serve(Path file, SnapshotFormat format) throws Exception {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    MaintenanceConfig config = MaintenanceConfig.defaults().withSnapshotFormat(format);
    try (Store store = Store.open(file, StoreConfig.existing());
        MaintenanceServer server = MaintenanceServer.start(store, free, config)) {
      System.out.println("127.0.0.1:" + server.address().getPort());
      TimeUnit.DAYS.sleep(1);
    }
  }

  private static void save(String endpoint, Path target) {
    try (MaintenanceClient client = MaintenanceClient.connect(endpoint, Loopback.PATIENT)) {
      System.out.println(client.save(target, SaveOptions.defaults()).imageSizeBytes());
    } catch (StorageException e) {
      System.out.println(e.getMessage());
    }
  }

  /** So slow at first that everything between server and reader fills up. */
  private static void readSlowly(String endpoint) throws Exception {
    ByteBuffer piece = ByteBuffer.allocate(100_000);
    long bytes = 0;
    try (MaintenanceClient client = MaintenanceClient.connect(endpoint, Loopback.PATIENT);
        ReadableByteChannel channel = client.openSnapshot()) {
      int pieces = 0;
      for (int count = 0; count >= 0; count = channel.read(piece.clear())) {
        bytes += count;
        if (pieces++ < SLOW_PIECES) {
          TimeUnit.MILLISECONDS.sleep(SLOW_PIECE_MILLIS);
        }
      }
    }
    System.out.println(bytes - HASH_BYTES);
  }
}
