package dev.cairn.cli;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import dev.cairn.store.StoreTx;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/** Plain pairs of one bucket: numbered keys, values that the seed decides. */
record RawLoad(Bucket bucket, long keys, int valueBytes, long seed) {
  private static final long BATCH_BYTES = 4 << 20;
  private static final long BATCH_PAIRS = 5_000;

  RawLoad {
    if (keys < 0 || valueBytes < 0) {
      throw StorageException.of(
          Code.LIMIT, "a load has 0 or more keys and bytes, not " + keys + " and " + valueBytes);
    }
  }

  void into(Store store, LongConsumer progress) {
    long batchPairs = Math.max(1, Math.min(BATCH_PAIRS, BATCH_BYTES / Math.max(1, valueBytes)));
    store.update(tx -> tx.createBucket(bucket));
    for (long next = 0; next < keys; next += batchPairs) {
      long from = next;
      long to = Math.min(keys, next + batchPairs);
      store.update(tx -> write(tx, from, to));
      progress.accept(to);
    }
  }

  private void write(StoreTx tx, long from, long to) {
    for (long i = from; i < to; i++) {
      byte[] value = new byte[valueBytes];
      new SplittableRandom(seed * 1_000_003 + i).nextBytes(value);
      tx.put(bucket, "key/%012d".formatted(i).getBytes(StandardCharsets.US_ASCII), value);
    }
  }
}
