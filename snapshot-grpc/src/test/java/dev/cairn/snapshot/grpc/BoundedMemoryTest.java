package dev.cairn.snapshot.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.store.Store;
import dev.cairn.testkit.TestRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Server and receiver with 64 MiB of heap and 64 MiB beside it, and a store many times that. */
@Timeout(1_200)
class BoundedMemoryTest {
  /** One to a page, in both images. */
  private static final int VALUE_BYTES = 3_000;

  private static final int PAGE_BYTES = 4_096;
  private static final long MEGABYTE = 1 << 20;

  @TempDir Path directory;

  @Test
  void aStoreOfAnySizeGoesThrough() throws Exception {
    long megabytes = TestRun.count(256, 2_048);
    Path target = directory.resolve("saved.db");
    long keys = megabytes * MEGABYTE / PAGE_BYTES;
    String hash;
    try (Store store = TestStores.loaded("lmdb", directory, keys, VALUE_BYTES)) {
      hash = store.hash();
    }
    long saved = fetch(SnapshotFormat.ETCD, megabytes, "save", target.toString());
    SnapshotFile file = SnapshotFile.inspect(target);
    file.verify();
    assertEquals(file.imageSizeBytes(), saved);
    try (ReadView view = file.openView()) {
      assertEquals(hash, ContentHash.v1(view));
    }
    Files.delete(target);
    fetch(SnapshotFormat.NATIVE, megabytes, "slow");
  }

  /** Lets a second JVM fetch what a first one serves; gives the bytes of the image. */
  private long fetch(SnapshotFormat format, long megabytesMin, String how, String... more)
      throws Exception {
    String file = directory.resolve("lmdb.db").toString();
    try (SmallJvm server = SmallJvm.start("serve", file, format.name())) {
      String endpoint = server.readLine();
      String[] arguments = new String[2 + more.length];
      arguments[0] = how;
      arguments[1] = endpoint;
      System.arraycopy(more, 0, arguments, 2, more.length);
      long start = System.nanoTime();
      try (SmallJvm receiver = SmallJvm.start(arguments)) {
        String line = receiver.readLine();
        assertTrue(line != null && line.matches("[0-9]+"), how + ": " + line);
        long bytes = Long.parseLong(line);
        assertTrue(bytes >= megabytesMin * MEGABYTE, line);
        TestRun.report(how + " " + format + " image bytes", bytes);
        TestRun.report("milliseconds of it", (System.nanoTime() - start) / 1_000_000);
        TestRun.report("RssAnon of the server", server.rssAnonBytes());
        return bytes;
      }
    }
  }
}
