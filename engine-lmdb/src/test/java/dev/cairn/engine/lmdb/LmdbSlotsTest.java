package dev.cairn.engine.lmdb;

import static dev.cairn.engine.lmdb.Stores.CONFIG;
import static dev.cairn.engine.lmdb.Stores.ENGINE;
import static dev.cairn.engine.lmdb.Stores.USERS;
import static dev.cairn.engine.lmdb.Stores.puts;
import static dev.cairn.engine.lmdb.Stores.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Limits;
import dev.cairn.spi.ReadView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Buckets in slots: what is emptied or used again stays whole under older readers. */
class LmdbSlotsTest {
  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void aSlotThatIsUsedAgainStaysUnderOlderReaders() {
    try (Backend backend = ENGINE.open(directory.resolve("db"), CONFIG)) {
      List<ReadView> views = new ArrayList<>();
      List<String> hashes = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        Bucket bucket = Bucket.named("b" + i % 7);
        // What the bucket of the round before leaves goes to another one, or is filled anew.
        Batch.Builder drop = Batch.builder();
        backend.commit(drop.deleteBucket(Bucket.named("b" + (i + 6) % 7)).build());
        backend.commit(puts(random, bucket, 300, 200));
        views.add(backend.openView());
        hashes.add(ContentHash.v1(views.get(i)));
        backend.commit(Batch.builder().deleteBucket(bucket).createBucket(bucket).build());
      }
      for (int i = 0; i < views.size(); i++) {
        assertEquals(hashes.get(i), ContentHash.v1(views.get(i)), "view " + i);
      }
    }
  }

  @Test
  void aFullStoreTradesBucketsWithinOneBatch() {
    int most = Limits.PORTABLE.bucketsMax();
    Path store = directory.resolve("db");
    try (Backend backend = ENGINE.open(store, CONFIG)) {
      Batch.Builder fill = Batch.builder();
      for (int i = 0; i < most; i++) {
        fill.createBucket(Bucket.named("bucket" + i))
            .put(Bucket.named("bucket" + i), utf8("k"), utf8("v" + i));
      }
      backend.commit(fill.build());
      Batch.Builder trade = Batch.builder();
      for (int i = 0; i < 100; i++) {
        trade.deleteBucket(Bucket.named("bucket" + i));
        trade
            .createBucket(Bucket.named("a" + i))
            .put(Bucket.named("a" + i), utf8("k"), utf8("w" + i));
      }
      backend.commit(trade.build());
      checkTraded(backend, most);
    }
    try (Backend backend = ENGINE.open(store, CONFIG)) {
      checkTraded(backend, most);
    }
    try (Backend backend = ENGINE.open(store, Stores.READ_ONLY)) {
      checkTraded(backend, most);
    }
  }

  private static void checkTraded(Backend backend, int most) {
    try (ReadView view = backend.openView()) {
      assertEquals(most, view.buckets().size());
      for (int i = 0; i < 100; i++) {
        assertArrayEquals(utf8("w" + i), view.get(Bucket.named("a" + i), utf8("k")));
      }
      assertArrayEquals(utf8("v555"), view.get(Bucket.named("bucket555"), utf8("k")));
    }
  }

  @Test
  void aReaderBesideTheCommitThatMakesABucketFindsItOrNot() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    try (Backend backend = ENGINE.open(directory.resolve("db"), CONFIG)) {
      CompletableFuture<Void> reader =
          CompletableFuture.runAsync(
              () -> {
                while (!done.get()) {
                  try (ReadView view = backend.openView()) {
                    for (Bucket bucket : view.buckets()) {
                      assertArrayEquals(bucket.name(), view.get(bucket, utf8("name")));
                    }
                  }
                }
              });
      for (int i = 0; i < 120; i++) {
        Bucket bucket = Bucket.named("made" + i);
        backend.commit(
            Batch.builder().createBucket(bucket).put(bucket, utf8("name"), bucket.name()).build());
      }
      done.set(true);
      reader.get();
    }
  }

  @Test
  void reservedNamesAreOrdinaryBuckets() {
    List<Bucket> names =
        List.of(
            Bucket.of(new byte[] {0}),
            Bucket.of(new byte[] {0, 'i', 'd', 'e', 'n', 't', 'i', 't', 'y'}),
            Bucket.named("cairn"),
            Bucket.named("s0000"));
    try (Backend backend = ENGINE.open(directory.resolve("db"), CONFIG)) {
      for (Bucket name : names) {
        backend.commit(
            Batch.builder().createBucket(name).put(name, utf8("k"), name.name()).build());
      }
      try (ReadView view = backend.openView()) {
        assertEquals(names, view.buckets());
        for (Bucket name : names) {
          assertArrayEquals(name.name(), view.get(name, utf8("k")));
          assertNull(view.get(name, CatalogKeys.IDENTITY));
        }
      }
      backend.commit(Batch.builder().deleteBucket(names.get(1)).createBucket(USERS).build());
      assertEquals(32, backend.stats().storeId().length());
    }
  }
}
