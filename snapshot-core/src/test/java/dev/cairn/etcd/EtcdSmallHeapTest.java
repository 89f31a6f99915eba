package dev.cairn.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.snapshot.CheckReport;
import dev.cairn.snapshot.EtcdImages;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.Snapshots;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import dev.cairn.testkit.TestRun;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Status, deep check and HashKV of more keys than the heap of 64 MiB holds. */
@Timeout(3_600)
class EtcdSmallHeapTest {
  @TempDir Path directory;

  @Test
  void aMillionKeysAreCheckedAndHashed() throws Exception {
    int keys = TestRun.count(1_000_000, 10_000_000);
    EtcdLoad load = new EtcdLoad(keys, 8, 3);
    Path image = directory.resolve("image.db");
    try (Store store = Store.open(directory.resolve("db"), StoreConfig.engine("lmdb"))) {
      load.into(store, written -> {});
      // Every key but the deleted ones has an entry that the compaction is about.
      byte[] compaction = Revision.of(keys + 1, 0).encode();
      store.update(tx -> tx.put(EtcdBuckets.META, EtcdView.SCHEDULED_COMPACTION, compaction));
      try (Snapshot etcd = EtcdImages.of(store.openView())) {
        Snapshots.save(etcd, image, SaveOptions.defaults());
      }
    }
    int hash;
    try (ReadView view = SnapshotFile.inspect(image).openView()) {
      hash = EtcdHash.hashKv(view, 0);
    }
    runChild(image, keys, load.liveKeys(), hash);
    TestRun.report("keys checked and hashed with a heap of 64 MiB", keys);
  }

  private void runChild(Path image, int keys, long liveKeys, int hash) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(each -> each.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    command.addAll(List.of(image.toString(), String.valueOf(hash)));
    command.addAll(List.of(String.valueOf(keys), String.valueOf(liveKeys)));
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  /** What runs in the second JVM. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      SnapshotFile file = SnapshotFile.inspect(Path.of(arguments[0]));
      file.verify();
      CheckReport report = file.check();
      require(report.ok(), report.findings());
      require(report.notes().size() == 2, report.notes());
      require(report.notes().get(0).contains("% of the keys"), report.notes());
      require(report.notes().get(1).contains("is scheduled and not finished"), report.notes());
      try (ReadView view = file.openView()) {
        int hash = EtcdHash.hashKv(view, 0);
        require(hash == Integer.parseInt(arguments[1]), hash);
        EtcdStatus status = EtcdStatus.of(view);
        require(status.revision() > Long.parseLong(arguments[2]), status);
        require(status.liveKeys().getAsLong() == Long.parseLong(arguments[3]), status);
      }
      System.out.println("with 64 MiB: " + report.notes().get(0));
    }

    private static void require(boolean holds, Object what) {
      if (!holds) {
        throw new AssertionError(what);
      }
    }
  }
}
