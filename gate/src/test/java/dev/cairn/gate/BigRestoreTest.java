package dev.cairn.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.testkit.TestRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file many times larger than the heap is restored, by etcdctl and by us side by side. */
class BigRestoreTest {
  private static final String SMALL_HEAP = "-Xmx64m";
  private static final int VALUE_BYTES = 1_000;

  @TempDir Path folder;

  @Test
  void restoresManyTimesItsHeapBesideEtcdctl() throws Exception {
    Processes.needEtcd();
    int mebibytes = TestRun.count(128, 1_024);
    String file = folder.resolve("backup.db").toString();
    try (Processes processes = new Processes(folder)) {
      make(processes, mebibytes, file);
      Path theirs = folder.resolve("theirs");
      Processes.Done etcdctl =
          processes
              .run(Processes.etcdctl("snapshot", "restore", file, "--data-dir=" + theirs))
              .expectSuccess();
      print("etcdctl", theirs, etcdctl);
      for (String engine : new String[] {"bbolt", "lmdb"}) {
        Path ours = folder.resolve(engine);
        Processes.Done cairn =
            processes
                .run(
                    Processes.cairn(
                        SMALL_HEAP,
                        "snapshot",
                        "restore",
                        file,
                        "--data-dir",
                        ours.toString(),
                        "--engine",
                        engine))
                .expectSuccess();
        print("cairn to " + engine, ours, cairn);
      }
      assertEquals(hashKv(processes, theirs), hashKv(processes, folder.resolve("bbolt")));
      long bytes = Files.size(folder.resolve("backup.db"));
      assertTrue(bytes > ((long) mebibytes << 20) * 9 / 10, "too little was restored");
      TestRun.report("MiB restored under -Xmx64m", bytes >> 20);
    }
  }

  private void make(Processes processes, int mebibytes, String file) throws Exception {
    int keys = (int) (((long) mebibytes << 20) / (VALUE_BYTES + 64));
    String db = folder.resolve("db").toString();
    processes
        .run(
            Processes.cairn(
                SMALL_HEAP,
                "load",
                "--db",
                db,
                "--keys",
                Integer.toString(keys),
                "--value-bytes",
                Integer.toString(VALUE_BYTES)))
        .expectSuccess();
    processes
        .run(Processes.cairn(SMALL_HEAP, "snapshot", "save", file, "--db", db))
        .expectSuccess();
  }

  /** A real etcd says so of the directory; from Cairn's database and from etcdctl's. */
  private String hashKv(Processes processes, Path dataDir) throws Exception {
    int port = processes.freePort();
    Process etcd = processes.startEtcd(dataDir, port, processes.freePort());
    String endpoint = "http://127.0.0.1:" + port;
    Processes.Done asked =
        processes
            .run(
                Processes.etcdctl(
                    "--endpoints=" + endpoint,
                    "--command-timeout=300s",
                    "endpoint",
                    "hashkv",
                    "-w",
                    "json"))
            .expectSuccess();
    etcd.destroyForcibly().waitFor();
    Matcher hash = Pattern.compile("\"hash\":(\\d+)").matcher(asked.out());
    assertTrue(hash.find(), asked.out());
    return hash.group(1);
  }

  private static void print(String what, Path data, Processes.Done done) throws Exception {
    long bytes = Files.size(data.resolve("member/snap/db"));
    System.out.printf(
        Locale.ROOT,
        "figure restore, %s: db of %,d bytes, %.2f s, RssAnon max %.1f MiB%n",
        what,
        bytes,
        done.seconds(),
        done.rssAnonMaxBytes() / 1048576.0);
  }
}
