package dev.cairn.testkit;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Limits;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The native image of a heap store: its sorted content, and nothing of its history or identity.
 *
 * <pre>
 * image  = "cairnimg", u32 version, u64 size, u32 buckets, bucket*, sum, zeros to n * 512
 * bucket = u16 length, name, u64 entries, entry*
 * entry  = u16 length, key, u32 length, value
 * </pre>
 */
final class HeapImage {
  static final byte[] MAGIC = "cairnimg".getBytes(StandardCharsets.US_ASCII);

  private static final int UNIT_BYTES = 512;
  private static final int HEADER_BYTES = 8 + 4 + 8 + 4;
  private static final int BATCH_BYTES = 1 << 20;

  private HeapImage() {}

  static long sizeBytes(HeapVersion version) {
    long bytes = HEADER_BYTES + HeapLog.SUM_BYTES;
    for (Map.Entry<Bucket, SortedBytes> bucket : version.buckets().entrySet()) {
      SortedBytes entries = bucket.getValue();
      bytes += 2 + bucket.getKey().name().length + 8 + 6 * entries.size() + entries.sizeBytes();
    }
    return (bytes + UNIT_BYTES - 1) / UNIT_BYTES * UNIT_BYTES;
  }

  static void write(HeapVersion version, WritableByteChannel out) throws IOException {
    CheckedWriter image = new CheckedWriter(out);
    image.bytes(MAGIC).i32(HeapLog.FORMAT_VERSION).i64(sizeBytes(version));
    image.i32(version.buckets().size());
    for (Map.Entry<Bucket, SortedBytes> bucket : version.buckets().entrySet()) {
      byte[] name = bucket.getKey().name();
      image.u16(name.length).bytes(name).i64(bucket.getValue().size());
      SortedBytes.Walk walk = bucket.getValue().walk();
      while (walk.next()) {
        byte[] key = walk.key();
        byte[] value = walk.value();
        image.u16(key.length).bytes(key).i32(value.length).bytes(value);
      }
    }
    image.sum().padTo(UNIT_BYTES).flush();
  }

  /**
   * Reads a whole image and hands it on in batches that each fit in memory.
   *
   * @param in not read beyond the image's size
   * @param sizeBytes the size that was announced
   */
  static void read(CheckedReader in, long sizeBytes, Consumer<Batch> batches) {
    if (sizeBytes < HEADER_BYTES || !Arrays.equals(in.bytes(MAGIC.length), MAGIC)) {
      throw in.corrupt("is not an image of a heap store");
    }
    int version = in.i32();
    long size = in.i64();
    if (version != HeapLog.FORMAT_VERSION || size != sizeBytes) {
      throw in.corrupt("an image of version " + version + " and " + size + " bytes is announced");
    }
    int buckets = in.i32();
    for (int i = 0; i < buckets; i++) {
      readBucket(in, batches);
    }
    if (!in.sumMatches()) {
      throw in.corrupt("the image is damaged");
    }
    in.skip(sizeBytes - in.position());
  }

  /** Damaged bytes may say anything, so every length is checked before it is believed. */
  private static void readBucket(CheckedReader in, Consumer<Batch> batches) {
    Bucket bucket =
        Bucket.of(in.bytes(length(in, in.u16(), 1, Limits.PORTABLE.bucketNameBytesMax())));
    Batch.Builder batch = Batch.builder().createBucket(bucket);
    long entries = in.i64();
    long bytes = 0;
    for (long i = 0; i < entries; i++) {
      byte[] key = in.bytes(length(in, in.u16(), 1, Limits.PORTABLE.keyBytesMax()));
      byte[] value = in.bytes(length(in, in.i32(), 0, Limits.PORTABLE.valueBytesMax()));
      batch.put(bucket, key, value);
      bytes += key.length + value.length;
      if (bytes > BATCH_BYTES) {
        batches.accept(batch.build());
        batch = Batch.builder().createBucket(bucket);
        bytes = 0;
      }
    }
    batches.accept(batch.build());
  }

  private static int length(CheckedReader in, int length, int min, int max) {
    if (length < min || length > max) {
      throw in.corrupt("a length of " + length + " is not " + min + " to " + max);
    }
    return length;
  }
}
