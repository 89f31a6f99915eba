package dev.cairn.snapshot;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.nio.ByteBuffer;

/**
 * Copies everything that a view sees into an empty store, in batches of bounded size. Each commit
 * is durable when it returns, so nothing is left to sync.
 */
final class ContentCopy {
  /** Small enough for a small heap, large enough that the syncs of the commits do not count. */
  private static final long BATCH_BYTES = 4 << 20;

  private static final int BATCH_ENTRIES = 10_000;

  private final Backend to;
  private final long entriesTotal;
  private final Progress progress;
  private Batch.Builder batch = Batch.builder();
  private long batchBytes;
  private int batchEntries;
  private long entries;

  private ContentCopy(Backend to, long entriesTotal, Progress progress) {
    this.to = to;
    this.entriesTotal = entriesTotal;
    this.progress = progress;
  }

  static void run(ReadView from, Backend to, long entriesTotal, Progress progress) {
    ContentCopy copy = new ContentCopy(to, entriesTotal, progress);
    for (Bucket bucket : from.buckets()) {
      copy.batch.createBucket(bucket);
      try (Cursor cursor = from.openCursor(bucket)) {
        while (cursor.next()) {
          copy.add(bucket, bytes(cursor.key()), bytes(cursor.value()));
        }
      }
    }
    copy.commit();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(copy);
    return copy;
  }

  private void add(Bucket bucket, byte[] key, byte[] value) {
    batch.put(bucket, key, value);
    batchBytes += key.length + value.length;
    batchEntries++;
    if (batchBytes >= BATCH_BYTES || batchEntries >= BATCH_ENTRIES) {
      commit();
    }
  }

  private void commit() {
    to.commit(batch.build());
    entries += batchEntries;
    progress.update(entries, entriesTotal);
    batch = Batch.builder();
    batchBytes = 0;
    batchEntries = 0;
  }
}
