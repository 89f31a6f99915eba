package dev.cairn.bbolt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.testkit.GoldenContent;
import dev.cairn.testkit.GoldenContents;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.TestRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Equal content gives equal bytes, however it came into a store. */
class HistoriesTest {
  @TempDir Path directory;

  static List<GoldenContent> edges() {
    return GoldenContents.edges();
  }

  @ParameterizedTest
  @MethodSource("edges")
  void aStoreOnTheHeapGivesTheGoldenImage(GoldenContent golden) {
    try (Backend store = open("golden.db")) {
      golden.source().forEach(store::commit);
      assertEquals(golden.imageSha256(), Images.sha256(Images.of(store.openView())));
    }
  }

  @Test
  void differentHistoriesGiveIdenticalBytes() {
    long seed = TestRun.seed(HistoriesTest.class);
    RandomContents contents = RandomContents.portable(seed);
    Random random = new Random(seed);
    int count = TestRun.count(20, 1_000);
    for (int i = 0; i < count; i++) {
      MemoryContent content = contents.next();
      byte[] expected = Images.of(content.view());
      for (int history = 0; history < 2; history++) {
        String name = "store-" + i + "-" + history + ".db";
        live(name, content, contents, random);
        try (Backend store = open(name)) {
          assertEquals(-1, Arrays.mismatch(expected, Images.of(store.openView())), name);
        }
      }
    }
    TestRun.report("pairs of histories", count);
  }

  private Backend open(String name) {
    return new HeapEngine()
        .open(
            directory.resolve(name),
            BackendConfig.defaults().withDurability(BackendConfig.Durability.RELAXED));
  }

  /** Puts the content in by a way of its own: other content first, any order, many commits. */
  private void live(String name, MemoryContent content, RandomContents others, Random random) {
    try (Backend store = open(name)) {
      MemoryContent before = others.next();
      copy(before, store, random);
      List<Bucket> inTheWay = new ArrayList<>(before.buckets().keySet());
      Collections.shuffle(inTheWay, random);
      for (Bucket bucket : inTheWay) {
        store.commit(Batch.builder().deleteBucket(bucket).build());
      }
      detour(content, store, random);
      copy(content, store, random);
    }
  }

  /** Keys beside those of the content, deleted again, and other values at its own keys. */
  private static void detour(MemoryContent content, Backend store, Random random) {
    Batch.Builder there = Batch.builder();
    Batch.Builder back = Batch.builder();
    content
        .buckets()
        .forEach(
            (bucket, entries) -> {
              there.createBucket(bucket);
              for (byte[] key : entries.keySet()) {
                byte[] other = Arrays.copyOf(key, Math.min(511, key.length + random.nextInt(3)));
                other[0] += (byte) random.nextInt(2);
                there.put(bucket, other, new byte[random.nextInt(100)]);
                if (!entries.containsKey(other)) {
                  back.delete(bucket, other);
                }
              }
            });
    store.commit(there.build());
    store.commit(back.build());
  }

  private static void copy(MemoryContent content, Backend store, Random random) {
    List<Runnable> puts = new ArrayList<>();
    Batch.Builder[] batch = {Batch.builder()};
    content
        .buckets()
        .forEach(
            (bucket, entries) -> {
              batch[0].createBucket(bucket);
              entries.forEach((key, value) -> puts.add(() -> batch[0].put(bucket, key, value)));
            });
    Collections.shuffle(puts, random);
    for (Runnable put : puts) {
      put.run();
      if (random.nextInt(200) == 0) {
        store.commit(batch[0].build());
        batch[0] = Batch.builder();
      }
    }
    store.commit(batch[0].build());
  }
}
