package dev.cairn.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.snapshot.EtcdImages;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.Snapshots;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.testkit.FreePort;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we load is taken by a real etcdctl and served by a real etcd, where they are installed. */
class RealEtcdTest {
  private static final int ANSWER_TRIES_MAX = 10;

  @TempDir Path directory;

  @BeforeEach
  void need() throws Exception {
    for (String tool : List.of("etcd", "etcdctl")) {
      boolean found =
          List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
              .anyMatch(each -> Files.isExecutable(Path.of(each, tool)));
      System.out.println("tool " + tool + ": " + (found ? "found" : "not found"));
      assumeTrue(found || "true".equals(System.getenv("CI")), tool + " is not on the path");
    }
    System.out.println(run("etcdctl", "version").lines().findFirst().orElse(""));
  }

  private String run(String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, "out", ".txt");
    int exit = start(output, command).waitFor();
    String text = Files.readString(output, UTF_8);
    assertEquals(0, exit, () -> List.of(command) + ": " + text);
    return text;
  }

  private Process start(Path output, String... command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("ETCDCTL_API", "3");
    return builder.start();
  }

  private static long number(String json, String field) {
    Matcher matcher = Pattern.compile("\"" + field + "\":(\\d+)").matcher(json);
    assertTrue(matcher.find(), () -> field + " in " + json);
    return Long.parseLong(matcher.group(1));
  }

  @Test
  void aLoadIsServed() throws Exception {
    EtcdLoad load = new EtcdLoad(3_000, 200, 11);
    SnapshotFile saved;
    try (Store store = Store.open(directory.resolve("store"), StoreConfig.engine("lmdb"))) {
      load.into(store, written -> {});
      try (Snapshot image = EtcdImages.of(store.openView())) {
        saved = Snapshots.save(image, directory.resolve("saved.db"), SaveOptions.defaults());
      }
    }
    EtcdStatus status;
    int hashKv;
    try (ReadView view = saved.openView()) {
      status = EtcdStatus.of(view);
      hashKv = EtcdHash.hashKv(view, 0);
    }
    String told = run("etcdctl", "snapshot", "status", "saved.db", "-w", "json");
    assertEquals(Integer.toUnsignedLong(status.hash()), number(told, "hash"));
    assertEquals(status.revision(), number(told, "revision"));
    assertEquals(status.totalKeys(), number(told, "totalKey"));
    assertEquals(saved.imageSizeBytes(), number(told, "totalSize"));
    run("etcdctl", "snapshot", "restore", "saved.db", "--data-dir", "data");
    serve(load, hashKv);
  }

  private void serve(EtcdLoad load, int hashKv) throws Exception {
    try (FreePort clientPort = FreePort.hold();
        FreePort peerPort = FreePort.hold()) {
      serve(load, hashKv, "http://" + clientPort.address(), "http://" + peerPort.address());
    }
  }

  private void serve(EtcdLoad load, int hashKv, String endpoint, String peer) throws Exception {
    List<String> command = new ArrayList<>(List.of("etcd", "--data-dir", "data"));
    command.addAll(List.of("--listen-client-urls", endpoint));
    command.addAll(List.of("--advertise-client-urls", endpoint, "--listen-peer-urls", peer));
    Process etcd = start(directory.resolve("etcd.log"), command.toArray(String[]::new));
    try {
      String[] get = {"get", "load/", "--prefix", "--limit", "1", "-w", "json"};
      String count = answer(endpoint, get);
      assertEquals(load.liveKeys(), number(count, "count"));
      assertEquals(load.revision(), number(count, "revision"));
      String hash = ask(endpoint, "endpoint", "hashkv", "-w", "json");
      assertEquals(Integer.toUnsignedLong(hashKv), number(hash, "hash"));
      String leases = ask(endpoint, "lease", "list");
      assertTrue(leases.contains("found 60 leases"), leases);
      ask(endpoint, "put", "new", "key");
    } finally {
      etcd.destroyForcibly().waitFor();
    }
  }

  /** Asks until the server answers: it needs some time to start. */
  private String answer(String endpoint, String... arguments) throws Exception {
    for (int i = 1; i < ANSWER_TRIES_MAX; i++) {
      try {
        return ask(endpoint, arguments);
      } catch (AssertionError notYet) {
        Thread.sleep(100);
      }
    }
    return ask(endpoint, arguments);
  }

  /** By itself etcdctl gives up after 2 and 5 seconds, which pass on a busy machine. */
  private String ask(String endpoint, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("etcdctl", "--endpoints", endpoint));
    command.addAll(List.of("--command-timeout=60s", "--dial-timeout=60s"));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }
}
