package dev.cairn.engine.bbolt;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Batches that make trees grow, shrink, split and join: few and many puts, at random places and
 * behind the end, ranges of deletes, values around the sizes that matter to a page.
 */
final class RandomBatches {
  private static final List<Bucket> BUCKETS =
      List.of(Bucket.named("a"), Bucket.named("b"), Bucket.named("long-name-of-a-bucket"));

  private final SplittableRandom random;
  private final int pageSizeBytes;
  private final int keyBytesMax;
  private final int countMax;
  private long ascending;

  RandomBatches(SplittableRandom random, int pageSizeBytes) {
    this.random = random;
    this.pageSizeBytes = pageSizeBytes;
    keyBytesMax = new int[] {4, 40, pageSizeBytes / 3, 2 * pageSizeBytes}[random.nextInt(4)];
    countMax = new int[] {3, 30, 150}[random.nextInt(3)];
  }

  Batch next(Content before) {
    Batch.Builder batch = Batch.builder();
    BUCKETS.forEach(batch::createBucket);
    for (int parts = 1 + random.nextInt(3); parts > 0; parts--) {
      part(batch, BUCKETS.get(random.nextInt(BUCKETS.size())), before);
    }
    return batch.build();
  }

  private void part(Batch.Builder batch, Bucket bucket, Content before) {
    int choice = random.nextInt(20);
    if (choice == 0) {
      batch.deleteBucket(bucket);
      if (random.nextBoolean()) {
        batch.createBucket(bucket);
      } else {
        return;
      }
    }
    batch.createBucket(bucket);
    if (choice < 9) {
      for (int count = random.nextInt(countMax); count >= 0; count--) {
        batch.put(bucket, key(), value());
      }
    } else if (choice < 12) {
      for (int count = random.nextInt(countMax); count >= 0; count--) {
        batch.put(bucket, nextKey(), value());
      }
    } else {
      delete(batch, bucket, before.keys(bucket));
    }
  }

  /** A range of what is there, or single keys here and there. */
  private void delete(Batch.Builder batch, Bucket bucket, List<byte[]> keys) {
    if (keys.isEmpty()) {
      batch.delete(bucket, key());
      return;
    }
    boolean range = random.nextBoolean();
    int from = random.nextInt(keys.size());
    int to = from + 1 + random.nextInt(keys.size() - from);
    for (int i = from; i < to; i++) {
      if (range || random.nextInt(3) == 0) {
        batch.delete(bucket, keys.get(i));
      }
    }
  }

  private byte[] key() {
    int length = 1 + random.nextInt(keyBytesMax);
    byte[] key = Stores.random(random, length);
    key[0] &= 0x7f;
    return key;
  }

  /** Behind all others. */
  private byte[] nextKey() {
    return ByteBuffer.allocate(9).put((byte) 0xff).putLong(ascending++).array();
  }

  private byte[] value() {
    int around =
        switch (random.nextInt(40)) {
          case 0 -> pageSizeBytes;
          case 1 -> pageSizeBytes / 4;
          case 2 -> 3 * pageSizeBytes;
          case 3 -> Page.WHOLE_BYTES_MAX / 4 * random.nextInt(6);
          default -> 24;
        };
    int least = Math.max(0, around - 60);
    return Stores.random(random, least + random.nextInt(Math.max(1, around - least + 20)));
  }
}
