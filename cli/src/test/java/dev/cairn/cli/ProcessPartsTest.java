package dev.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;
import dev.cairn.store.Store;
import dev.cairn.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signals, hooks, temporary directories and other processes. */
class ProcessPartsTest {
  private static final long PATIENCE_SECONDS = 300;

  @TempDir Path directory;

  @Test
  void aSignalRunsWhatItShouldOnce() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    Signals signals = Signals.onTermination(told::countDown);
    Class<?> type = Class.forName("sun.misc.Signal");
    Object terminate = type.getConstructor(String.class).newInstance("TERM");
    type.getMethod("raise", type).invoke(null, terminate);
    assertTrue(told.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    signals.close();
    signals.close();
  }

  @Test
  void workGivesItsResultOrItsFailure() throws IOException {
    assertEquals("done", OnExit.during(() -> "done", () -> {}));
    IOException failure =
        assertThrows(IOException.class, () -> OnExit.during(ProcessPartsTest::fail, () -> {}));
    assertEquals("failed", failure.getMessage());
  }

  private static String fail() throws IOException {
    throw new IOException("failed");
  }

  @Test
  void aTemporaryDirectoryGoesWithAllThatIsInIt() throws IOException {
    Path path;
    try (TemporaryDirectory temporary = new TemporaryDirectory("cairn-test-")) {
      path = temporary.path();
      Files.createDirectories(path.resolve("a/b"));
      Files.writeString(path.resolve("a/b/c"), "x");
      Files.writeString(path.resolve("d"), "x");
    }
    assertFalse(Files.exists(path));
  }

  @Test
  void aNumberIsFoundInJson() throws IOException {
    String json = "[{\"Endpoint\":\"x\",\"HashKV\":{\"header\":{\"revision\":7},\"hash\":12}}]";
    assertEquals(12, EtcdTools.number(json, "hash"));
    assertEquals(7, EtcdTools.number(json, "revision"));
    assertEquals(-1, EtcdTools.number("{\"compact_revision\":-1}", "compact_revision"));
    assertEquals(5, EtcdTools.number("{\"count\":\"5\"}", "count"));
    IOException absent =
        assertThrows(IOException.class, () -> EtcdTools.number("{\"count\":5}", "hash"));
    assertEquals("no hash in {\"count\":5}", absent.getMessage());
  }

  /** The writer of the demo fails where it is closed, not silently on its thread. */
  @Test
  void aWriterThatFailsSaysSo() {
    try (Store store = Store.open(directory.resolve("data.db"), StoreConfig.engine("lmdb"))) {
      store.update(tx -> tx.createBucket(Bucket.named("no etcd's")));
      DemoWriter writer = DemoWriter.start(store);
      assertThrows(StorageException.class, writer::close);
      assertEquals(0, writer.written());
    }
  }

  @Test
  void rawLoadsAreCheckedAndCounted() {
    Bucket bucket = Bucket.named("b");
    assertThrows(StorageException.class, () -> new RawLoad(bucket, -1, 0, 1));
    assertThrows(StorageException.class, () -> new RawLoad(bucket, 1, -1, 1));
    try (Store store = Store.open(directory.resolve("data.db"), StoreConfig.engine("lmdb"))) {
      long[] told = new long[1];
      new RawLoad(bucket, 12_345, 3, 1).into(store, pairs -> told[0] = pairs);
      assertEquals(12_345, told[0]);
      byte[] last = store.view(view -> view.lastKey(bucket));
      assertEquals("key/000000012344", new String(last));
    }
  }
}
