package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.testkit.TestRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store many times larger than the heap is saved over loopback, server and client with 64 MiB
 * each; the same content is saved from real etcd by etcdctl beside it.
 */
class BigSaveTest {
  private static final String SMALL_HEAP = "-Xmx64m";
  private static final int VALUE_BYTES = 1_000;

  @TempDir Path folder;

  @Test
  void savesManyTimesItsHeapBesideEtcd() throws Exception {
    Processes.needEtcd();
    int mebibytes = TestRun.count(256, 2_048);
    int keys = (int) (((long) mebibytes << 20) / (VALUE_BYTES + 64));
    Path db = folder.resolve("db");
    Path ours = folder.resolve("ours.db");
    Path theirs = folder.resolve("theirs.db");
    try (Processes processes = new Processes(folder)) {
      processes
          .run(
              Processes.cairn(
                  SMALL_HEAP,
                  "load",
                  "--db",
                  db.toString(),
                  "--engine",
                  "lmdb",
                  "--keys",
                  Integer.toString(keys),
                  "--value-bytes",
                  Integer.toString(VALUE_BYTES)))
          .expectSuccess();

      int port = processes.freePort();
      Process server =
          processes.startServer(
              Processes.cairn(
                  SMALL_HEAP, "serve", "--db", db.toString(), "--listen", "127.0.0.1:" + port),
              port);
      Processes.Done save =
          processes
              .run(
                  Processes.cairn(
                      SMALL_HEAP,
                      "snapshot",
                      "save",
                      ours.toString(),
                      "--endpoint",
                      "127.0.0.1:" + port,
                      "--dial-timeout=60s"))
              .expectSuccess();
      print("cairn from cairn (lmdb)", ours, save);
      System.out.printf(
          Locale.ROOT,
          "figure server RssAnon after the save: %.1f MiB%n",
          Processes.rssAnonBytes(server) / 1048576.0);

      Path dataDir = folder.resolve("etcd");
      processes
          .run(
              Processes.etcdctl(
                  "snapshot", "restore", ours.toString(), "--data-dir", dataDir.toString()))
          .expectSuccess();
      int etcdPort = processes.freePort();
      processes.startEtcd(dataDir, etcdPort, processes.freePort());
      String endpoint = "http://127.0.0.1:" + etcdPort;
      Processes.Done etcdctl =
          processes
              .run(
                  Processes.etcdctl("--endpoints", endpoint, "snapshot", "save", theirs.toString()))
              .expectSuccess();
      print("etcdctl from etcd", theirs, etcdctl);

      Path third = folder.resolve("third.db");
      Processes.Done mixed =
          processes
              .run(
                  Processes.cairn(
                      SMALL_HEAP,
                      "snapshot",
                      "save",
                      third.toString(),
                      "--endpoint",
                      endpoint,
                      "--dial-timeout=60s"))
              .expectSuccess();
      print("cairn from etcd", third, mixed);
      assertTrue(Files.size(ours) > ((long) mebibytes << 20) / 2, "too little was saved");
      assertEquals(Files.size(theirs), Files.size(third));
      TestRun.report("MiB saved over loopback under -Xmx64m", Files.size(ours) >> 20);
    }
  }

  private static void print(String what, Path file, Processes.Done done) throws Exception {
    System.out.printf(
        Locale.ROOT,
        "figure save, %s: %,d bytes, %.2f s, %.0f MB/s, client RssAnon max %.1f MiB%n",
        what,
        Files.size(file),
        done.seconds(),
        Files.size(file) / 1e6 / done.seconds(),
        done.rssAnonMaxBytes() / 1048576.0);
  }
}
