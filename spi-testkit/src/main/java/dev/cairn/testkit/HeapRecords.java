package dev.cairn.testkit;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import java.io.IOException;

/**
 * How a batch is written.
 *
 * <pre>
 * batch  = u32 changes, change*
 * change = u8 mode, u16 length, name, u32 entries, entry*
 * entry  = u16 length, key, i32 length or -1 for a delete, value
 * </pre>
 */
final class HeapRecords {
  private static final int DELETED = -1;

  private HeapRecords() {}

  static long sizeBytes(Batch batch) {
    long bytes = 4;
    for (Batch.Change change : batch.changes()) {
      bytes += 1 + 2 + change.bucket().name().length + 4 + 6L * change.size();
    }
    return bytes + batch.sizeBytes();
  }

  static void write(Batch batch, CheckedWriter out) throws IOException {
    out.i32(batch.changes().size());
    for (Batch.Change change : batch.changes()) {
      byte[] name = change.bucket().name();
      out.u8(change.mode().ordinal()).u16(name.length).bytes(name).i32(change.size());
      for (int i = 0; i < change.size(); i++) {
        byte[] key = change.key(i);
        byte[] value = change.value(i);
        out.u16(key.length).bytes(key).i32(value == null ? DELETED : value.length);
        if (value != null) {
          out.bytes(value);
        }
      }
    }
  }

  static Batch read(CheckedReader in) {
    Batch.Builder batch = Batch.builder();
    int changes = in.i32();
    for (int i = 0; i < changes; i++) {
      readChange(in, batch);
    }
    return batch.build();
  }

  private static void readChange(CheckedReader in, Batch.Builder batch) {
    int mode = in.u8();
    Bucket bucket = Bucket.of(in.bytes(in.u16()));
    start(batch, bucket, mode, in);
    int entries = in.i32();
    for (int i = 0; i < entries; i++) {
      byte[] key = in.bytes(in.u16());
      int valueBytes = in.i32();
      if (valueBytes == DELETED) {
        batch.delete(bucket, key);
      } else {
        batch.put(bucket, key, in.bytes(valueBytes));
      }
    }
  }

  private static void start(Batch.Builder batch, Bucket bucket, int mode, CheckedReader in) {
    Batch.Mode[] modes = Batch.Mode.values();
    if (mode >= modes.length) {
      throw in.corrupt("no mode " + mode);
    }
    if (modes[mode] == Batch.Mode.CLEAR || modes[mode] == Batch.Mode.DROP) {
      batch.deleteBucket(bucket);
    }
    if (modes[mode] == Batch.Mode.CLEAR || modes[mode] == Batch.Mode.ENSURE) {
      batch.createBucket(bucket);
    }
  }
}
