package dev.cairn.store;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.nio.ByteBuffer;

/**
 * Copies all that a view sees into an empty backend of the same engine, whose limits it therefore
 * keeps, in batches of rising keys.
 */
final class StoreCopy {
  private static final int BATCH_OPS_MAX = 100_000;
  private static final long BATCH_BYTES_MAX = 8L << 20;

  private final Backend to;
  private Batch.Builder batch = Batch.builder();
  private int operations;
  private long sizeBytes;

  private StoreCopy(Backend to) {
    this.to = to;
  }

  /** Copies; the last batch is committed when this returns. */
  static void copy(ReadView from, Backend to) {
    StoreCopy copy = new StoreCopy(to);
    for (Bucket bucket : from.buckets()) {
      copy.batch.createBucket(bucket);
      try (Cursor cursor = from.openCursor(bucket)) {
        while (cursor.next()) {
          copy.put(bucket, bytes(cursor.key()), bytes(cursor.value()));
        }
      }
    }
    copy.flush();
  }

  private void put(Bucket bucket, byte[] key, byte[] value) {
    batch.put(bucket, key, value);
    operations++;
    sizeBytes += key.length + (long) value.length;
    if (operations >= BATCH_OPS_MAX || sizeBytes >= BATCH_BYTES_MAX) {
      flush();
    }
  }

  private void flush() {
    to.commit(batch.build());
    batch = Batch.builder();
    operations = 0;
    sizeBytes = 0;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
