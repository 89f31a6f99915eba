package dev.cairn.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.io.Disk;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One random history of a store, compared with a model after every step. */
final class Histories {
  private static final List<Bucket> BUCKETS =
      List.of(Bucket.named("a"), Bucket.named("b"), Bucket.of(new byte[] {(byte) 0xff}));

  /** Thrown by updates that are to leave nothing. */
  private static final class Abandoned extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private record HeldView(ReadView view, ModelStore model) {}

  private final Engine engine;
  private final Disk disk;
  private final Path file;
  private final SplittableRandom random;
  private final StoreConfig config;
  private final List<HeldView> held = new ArrayList<>();
  private ModelStore model = new ModelStore();
  private Store store;
  private long appliedIndex;

  Histories(Engine engine, Disk disk, Path file, SplittableRandom random) {
    this.engine = engine;
    this.disk = disk;
    this.file = file;
    this.random = random;
    config =
        Stores.config(engine)
            .withDisk(disk)
            .withAppliedCodec(new Stores.MetaCodec())
            .withCommitPolicy(policy());
  }

  /** Immediate, or batches that the history commits itself, or small ones in the background. */
  private CommitPolicy policy() {
    switch (random.nextInt(3)) {
      case 0:
        return CommitPolicy.immediate();
      case 1:
        return CommitPolicy.batched(1 + random.nextInt(200), 1 << 20, 3_600_000);
      default:
        return CommitPolicy.batched(1 + random.nextInt(50), 1 + random.nextInt(2_000), 1);
    }
  }

  /** Keys that are often equal, prefixes of each other, or neighbours. */
  static byte[] key(SplittableRandom random) {
    byte[] key = new byte[1 + random.nextInt(3)];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (random.nextInt(5) * 0x3f);
    }
    return key;
  }

  void run(int steps) throws IOException {
    store = Store.open(file, config);
    try {
      for (int i = 0; i < steps; i++) {
        step();
      }
      held.forEach(each -> each.model.assertSameAs(each.view, random));
      closeViews();
      reopen();
    } finally {
      closeViews();
      store.close();
    }
  }

  private void step() throws IOException {
    int dice = random.nextInt(100);
    if (dice < 55) {
      update();
    } else if (dice < 62) {
      failingUpdate();
    } else if (dice < 70) {
      store.commit();
    } else if (dice < 78) {
      held.add(new HeldView(store.openView(), new ModelStore(model)));
    } else if (dice < 90) {
      lookAtView();
    } else if (dice < 93) {
      snapshot();
    } else if (dice < 95) {
      store.defragment();
    } else if (dice < 96) {
      closeViews();
      reopen();
    } else {
      applyAll();
    }
    try (ReadView now = store.openView()) {
      model.assertSameAs(now, random);
    }
    assertEquals(appliedIndex, store.applied().index());
  }

  private void update() {
    ModelStore next = new ModelStore(model);
    store.update(tx -> change(tx, next));
    model = next;
  }

  private void failingUpdate() {
    ModelStore next = new ModelStore(model);
    assertThrows(
        Abandoned.class,
        () ->
            store.update(
                tx -> {
                  change(tx, next);
                  throw new Abandoned();
                }));
  }

  private void applyAll() {
    ModelStore next = new ModelStore(model);
    List<Update> entries = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      long index = ++appliedIndex;
      entries.add(
          tx -> {
            change(tx, next);
            tx.applied(index, 1);
            next.create(Stores.MetaCodec.META);
            next.entries(Stores.MetaCodec.META)
                .put(Stores.utf8("applied"), tx.get(Stores.MetaCodec.META, Stores.utf8("applied")));
          });
    }
    store.applyAll(entries);
    assertEquals(0, store.stats().pendingOperations());
    assertEquals(appliedIndex, store.durableApplied().index());
    model = next;
  }

  private void change(StoreTx tx, ModelStore next) {
    for (int i = random.nextInt(12); i >= 0; i--) {
      Bucket bucket = BUCKETS.get(random.nextInt(BUCKETS.size()));
      if (!next.has(bucket)) {
        tx.createBucket(bucket);
        next.create(bucket);
      } else {
        change(tx, next, bucket);
      }
    }
  }

  private void change(StoreTx tx, ModelStore next, Bucket bucket) {
    int dice = random.nextInt(100);
    byte[] key = key(random);
    if (dice < 55) {
      byte[] value = new byte[random.nextInt(20)];
      tx.put(bucket, key, value);
      next.entries(bucket).put(key, value);
    } else if (dice < 75) {
      tx.delete(bucket, key);
      next.entries(bucket).remove(key);
    } else if (dice < 82) {
      byte[] to = random.nextInt(5) == 0 ? new byte[0] : key(random);
      assertEquals(next.deleteRange(bucket, key, to), tx.deleteRange(bucket, key, to));
    } else if (dice < 85) {
      tx.deleteBucket(bucket);
      next.drop(bucket);
    } else {
      assertReads(tx, next, bucket, key);
    }
  }

  private void assertReads(StoreTx tx, ModelStore next, Bucket bucket, byte[] key) {
    assertEquals(next.buckets(), tx.buckets());
    assertArrayEquals(next.entries(bucket).get(key), tx.get(bucket, key));
    byte[] last = next.entries(bucket).isEmpty() ? null : next.entries(bucket).lastKey();
    assertArrayEquals(last, tx.lastKey(bucket));
    try (Cursor cursor = tx.openCursor(bucket)) {
      ModelStore.assertSeeks(next.entries(bucket), cursor, random);
    }
  }

  private void lookAtView() {
    if (held.isEmpty()) {
      return;
    }
    HeldView one = held.get(random.nextInt(held.size()));
    one.model.assertSameAs(one.view, random);
    if (random.nextBoolean()) {
      one.view.close();
      held.remove(one);
    }
  }

  private void snapshot() throws IOException {
    Path image = file.resolveSibling("image");
    try (StoreSnapshot snapshot = store.snapshot()) {
      update();
      StoreTest.writeTo(disk, image, snapshot);
      try (ReadView read = engine.openImage(image, snapshot.image().size())) {
        assertEquals(ContentHash.v1(snapshot.view()), ContentHash.v1(read));
      }
    }
    disk.delete(image);
  }

  private void reopen() {
    String hash = store.hash();
    store.close();
    store = Store.open(file, config);
    assertEquals(hash, store.hash());
    assertEquals(appliedIndex, store.durableApplied().index());
  }

  private void closeViews() {
    held.forEach(each -> each.view.close());
    held.clear();
  }
}
