package com.example.cairn.shelf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.SimulatedDisk;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** However many buckets are written one by one, a shelf does not come to one file for each. */
class ShelfGatherTest {
  private static final Path STORE = Path.of("/db");
  private static final int BUCKETS = 300;
  private static final int FILES_MAX = 66;

  @Test
  void manyBucketsLieInFewFiles() {
    ShelfEngine engine = new ShelfEngine(new SimulatedDisk(1));
    int most = 0;
    try (Backend backend = engine.open(STORE, BackendConfig.defaults())) {
      for (int i = 0; i < BUCKETS; i++) {
        Bucket bucket = Bucket.named("bucket" + i);
        backend.commit(
            Batch.builder().createBucket(bucket).put(bucket, new byte[1], new byte[] {7}).build());
        most = Math.max(most, engine.files(STORE).size());
      }
      assertAllAreThere(backend);
    }
    assertTrue(most > FILES_MAX / 2 && most <= FILES_MAX, most + " files");
    assertEquals(1, engine.files(STORE).size());
    try (Backend backend = engine.open(STORE, BackendConfig.defaults())) {
      assertAllAreThere(backend);
    }
  }

  private static void assertAllAreThere(Backend backend) {
    try (ReadView view = backend.openView()) {
      assertEquals(BUCKETS, view.buckets().size());
      for (Bucket bucket : view.buckets()) {
        assertEquals(7, view.get(bucket, new byte[1])[0]);
      }
    }
  }
}
