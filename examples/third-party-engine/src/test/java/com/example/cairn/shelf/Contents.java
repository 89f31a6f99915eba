package com.example.cairn.shelf;

import dev.cairn.spi.Backend;
import dev.cairn.spi.BackendConfig;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.ContentHash;
import dev.cairn.spi.ReadView;
import dev.cairn.testkit.HeapEngine;
import dev.cairn.testkit.SimulatedDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A row of batches, each known by its number, and what a store holds after so many of them. */
final class Contents {
  private static final Bucket META = Bucket.named("meta");
  private static final byte[] LAST = "last".getBytes(StandardCharsets.US_ASCII);
  private static final Bucket[] DATA = {Bucket.named("left"), Bucket.named("right")};
  private static final int KEYS = 20;

  private final long seed;
  private final List<String> hashes = new ArrayList<>();

  Contents(long seed, int batches) {
    this.seed = seed;
    try (Backend heap =
        new HeapEngine(new SimulatedDisk(seed)).open(Path.of("/heap"), BackendConfig.defaults())) {
      hashes.add(hash(heap));
      for (int number = 1; number <= batches; number++) {
        heap.commit(batch(number));
        hashes.add(hash(heap));
      }
    }
  }

  Batch batch(int number) {
    SplittableRandom random = new SplittableRandom(seed + number);
    Batch.Builder batch = Batch.builder().createBucket(META);
    for (Bucket bucket : DATA) {
      if (random.nextInt(10) == 0) {
        batch.deleteBucket(bucket);
      }
      if (random.nextInt(3) > 0) {
        batch.createBucket(bucket);
        for (int i = random.nextInt(6); i > 0; i--) {
          change(batch, bucket, random);
        }
      }
    }
    if (number % 4 == 1) {
      // Never changed later, so that its batch's file is needed for long.
      Bucket once = Bucket.named("once" + number);
      batch.createBucket(once).put(once, LAST, new byte[1_000 + number]);
    }
    return batch.put(META, LAST, new byte[] {(byte) number}).build();
  }

  private static void change(Batch.Builder batch, Bucket bucket, SplittableRandom random) {
    byte[] key = {'k', (byte) random.nextInt(KEYS)};
    if (random.nextInt(4) == 0) {
      batch.delete(bucket, key);
    } else {
      byte[] value = new byte[random.nextInt(random.nextInt(5) == 0 ? 3_000 : 60)];
      random.nextBytes(value);
      batch.put(bucket, key, value);
    }
  }

  /** The number of the last batch in a store. */
  static int last(Backend backend) {
    try (ReadView view = backend.openView()) {
      return view.buckets().contains(META) ? view.get(META, LAST)[0] : 0;
    }
  }

  /** What a store's content hash is after so many batches. */
  String hash(int batches) {
    return hashes.get(batches);
  }

  static String hash(Backend backend) {
    try (ReadView view = backend.openView()) {
      return ContentHash.v1(view);
    }
  }
}
