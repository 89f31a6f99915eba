package dev.cairn.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchViewTest {
  private static final long SEED = TestRun.seed(BatchViewTest.class);
  private static final int KEYS = 12;
  private static final List<Bucket> BUCKETS =
      List.of(Bucket.named("a"), Bucket.named("b"), Bucket.named("c"));

  @TempDir Path directory;
  private Backend backend;

  @BeforeEach
  void open() {
    backend = new HeapEngine().open(directory.resolve("store"), BackendConfig.defaults());
  }

  @AfterEach
  void close() {
    backend.close();
  }

  /** The view over the old content shows what the store shows after the batch. */
  @Test
  void itShowsWhatACommitWouldGive() {
    Random random = new Random(SEED);
    int rounds = TestRun.count(500, 5_000);
    for (int round = 0; round < rounds; round++) {
      Batch batch = randomBatch(random);
      try (ReadView before = BatchView.of(backend.openView(), batch)) {
        backend.commit(batch);
        try (ReadView after = backend.openView()) {
          assertSame(after, before, random);
        }
      }
    }
    TestRun.report("batches laid over a view", rounds);
  }

  private Batch randomBatch(Random random) {
    Set<Bucket> existing = new TreeSet<>();
    try (ReadView view = backend.openView()) {
      existing.addAll(view.buckets());
    }
    Batch.Builder batch = Batch.builder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      Bucket bucket = BUCKETS.get(random.nextInt(BUCKETS.size()));
      int kind = random.nextInt(10);
      if (kind == 0) {
        batch.deleteBucket(bucket);
        existing.remove(bucket);
      } else if (kind == 1 || !existing.contains(bucket)) {
        batch.createBucket(bucket);
        existing.add(bucket);
      } else if (kind < 7) {
        batch.put(bucket, key(random), new byte[random.nextInt(3)]);
      } else {
        batch.delete(bucket, key(random));
      }
    }
    return batch.build();
  }

  private static byte[] key(Random random) {
    return new byte[] {(byte) (250 + random.nextInt(KEYS))};
  }

  private static void assertSame(ReadView expected, ReadView actual, Random random) {
    assertEquals(expected.buckets(), actual.buckets());
    assertEquals(ContentHash.v1(expected), ContentHash.v1(actual));
    for (Bucket bucket : expected.buckets()) {
      assertArrayEquals(expected.lastKey(bucket), actual.lastKey(bucket));
      byte[] key = key(random);
      assertArrayEquals(expected.get(bucket, key), actual.get(bucket, key));
      try (Cursor one = expected.openCursor(bucket);
          Cursor other = actual.openCursor(bucket)) {
        assertEquals(one.seek(key), other.seek(key));
      }
    }
  }

  @Test
  void aPutIntoAnAbsentBucketIsRefusedAndTheBaseStaysOpen() {
    Batch batch = Batch.builder().put(BUCKETS.get(0), new byte[1], new byte[1]).build();
    try (ReadView base = backend.openView()) {
      StorageException e =
          assertThrows(StorageException.class, () -> BatchView.of(base, batch).close());
      assertEquals(Code.NOT_FOUND, e.code());
      assertEquals(List.of(), base.buckets());
    }
  }

  @Test
  void closingItClosesWhatIsBeneath() {
    ReadView base = backend.openView();
    ReadView view = BatchView.of(base, Batch.builder().createBucket(BUCKETS.get(0)).build());
    Cursor cursor = view.openCursor(BUCKETS.get(0));
    view.close();
    view.close();
    assertEquals(0, backend.stats().pinsOpen());
    assertEquals(Code.CLOSED, assertThrows(StorageException.class, view::buckets).code());
    assertEquals(Code.CLOSED, assertThrows(StorageException.class, cursor::next).code());
  }
}
