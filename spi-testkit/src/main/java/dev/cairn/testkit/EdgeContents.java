package dev.cairn.testkit;

import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** The contents of the edge set. Nothing here may change: their images are golden. */
final class EdgeContents {
  /** What an element takes besides its key and value, and a page besides its elements. */
  private static final int HEADER_BYTES = 16;

  private static final int PAGE_BYTES = 4096;
  private static final int KEY_BYTES_MAX = 511;
  private static final int VALUE_BYTES_MAX = 8 << 20;

  /** {@link Random} is specified to the bit, so a seed means the same on every platform. */
  private static final long SEED = 0x0CA1_2026L;

  private EdgeContents() {}

  static Map<String, GoldenContent.Source> all() {
    Map<String, GoldenContent.Source> all = new LinkedHashMap<>();
    all.put("empty-store", sink -> {});
    all.put("empty-bucket", in(sink -> sink.bucket("only")));
    for (int bytes : new int[] {1023, 1024, 1025}) {
      all.put("bucket-" + bytes, in(sink -> sink.node("bucket", bytes, 5)));
    }
    for (int bytes : new int[] {4095, 4096, 4097}) {
      all.put("leaf-" + bytes, in(sink -> sink.node("leaf", bytes, 10)));
      all.put("leaf-of-one-" + bytes, in(sink -> sink.node("leaf", bytes, 1)));
      all.put("leaves-" + bytes, in(sink -> leaves(sink, bytes)));
      all.put("branch-" + bytes, in(sink -> branch(sink, bytes)));
      all.put("branches-" + bytes, in(sink -> branches(sink, bytes)));
      all.put("top-level-" + bytes, in(sink -> topLevel(sink, bytes)));
    }
    all.put("value-sizes", in(EdgeContents::valueSizes));
    all.put("value-8-mib", in(EdgeContents::largestValues));
    all.put("key-sizes", in(EdgeContents::keySizes));
    all.put("names", in(EdgeContents::names));
    all.put("buckets-1000", in(EdgeContents::thousandBuckets));
    all.put("deep", in(EdgeContents::deep));
    all.put("mixed", in(EdgeContents::mixed));
    return all;
  }

  private static GoldenContent.Source in(Consumer<Filler> content) {
    return sink -> {
      Filler filler = new Filler(sink);
      content.accept(filler);
      filler.flush();
    };
  }

  /** Leaves of one size in a row: each ends just before, at or just over a page. */
  private static void leaves(Filler sink, int bytes) {
    int perLeaf = 4;
    for (int i = 0; i < 20 * perLeaf; i++) {
      int fixed = HEADER_BYTES + perLeaf * (HEADER_BYTES + 4) + (perLeaf - 1) * 900;
      int valueBytes = i % perLeaf == perLeaf - 1 ? bytes - fixed : 900;
      sink.put("rows", key(i, 4), sink.filled(valueBytes));
    }
  }

  /** One branch of an exact size: each of its ten leaves holds one entry. */
  private static void branch(Filler sink, int bytes) {
    branch(sink, bytes, 0);
  }

  private static void branch(Filler sink, int bytes, int from) {
    int leaves = 10;
    int keyBytes = (PAGE_BYTES - HEADER_BYTES) / leaves - HEADER_BYTES;
    int last = bytes - HEADER_BYTES - leaves * HEADER_BYTES - (leaves - 1) * keyBytes;
    for (int i = 0; i < leaves; i++) {
      byte[] key = key(from + i, i == leaves - 1 ? last : keyBytes);
      sink.put("tree", key, sink.filled(PAGE_BYTES - 2 * HEADER_BYTES - key.length));
    }
  }

  private static void branches(Filler sink, int bytes) {
    for (int i = 0; i < 12; i++) {
      branch(sink, bytes, i * 10);
    }
  }

  /** The leaf of the top level has an exact size, made up of empty buckets. */
  private static void topLevel(Filler sink, int bytes) {
    int headerBytes = 2 * HEADER_BYTES;
    int buckets = 20;
    int nameBytes = (PAGE_BYTES - HEADER_BYTES) / buckets - HEADER_BYTES - headerBytes;
    int last =
        bytes - HEADER_BYTES - buckets * (HEADER_BYTES + headerBytes) - (buckets - 1) * nameBytes;
    for (int i = 0; i < buckets; i++) {
      sink.bucket(Bucket.of(key(i, i == buckets - 1 ? last : nameBytes)));
    }
  }

  private static void valueSizes(Filler sink) {
    int[] sizes = new int[35];
    Arrays.setAll(sizes, i -> i == 0 ? 0 : 4063 + i);
    for (int size : sizes) {
      sink.put("all", key(size, 3), sink.filled(size));
      sink.put("of-" + size, key(1, 1), sink.filled(size));
      sink.put("between", key(2 * size, 3), sink.filled(size));
      sink.put("between", key(2 * size + 1, 3), sink.filled(7));
    }
  }

  private static void largestValues(Filler sink) {
    int[] sizes = {VALUE_BYTES_MAX, 1, VALUE_BYTES_MAX - 1, VALUE_BYTES_MAX - 48, 0};
    for (int i = 0; i < sizes.length; i++) {
      sink.put("large", key(i, 16), sink.filled(sizes[i]));
      sink.flush();
    }
    sink.put("one", key(0, 16), sink.filled(VALUE_BYTES_MAX));
  }

  private static void keySizes(Filler sink) {
    for (int i = 1; i <= 300; i++) {
      sink.put("longest", key(i, KEY_BYTES_MAX), sink.filled(i % 50));
    }
    byte[] zeros = new byte[KEY_BYTES_MAX];
    byte[] ones = new byte[KEY_BYTES_MAX];
    Arrays.fill(ones, (byte) 0xff);
    for (int length = 1; length <= KEY_BYTES_MAX; length++) {
      sink.put("prefixes", Arrays.copyOf(zeros, length), sink.filled(3));
      sink.put("prefixes", Arrays.copyOf(ones, length), sink.filled(3));
    }
    for (int i = 0; i < 256; i++) {
      sink.put("bytes", new byte[] {(byte) i}, new byte[0]);
    }
  }

  private static void names(Filler sink) {
    for (int i = 0; i < 256; i++) {
      byte[] name = new byte[1 + i * 254 / 255];
      Arrays.fill(name, (byte) i);
      sink.bucket(Bucket.of(name));
    }
  }

  private static void thousandBuckets(Filler sink) {
    for (int i = 0; i < 1000; i++) {
      Bucket bucket = Bucket.of(key(i, 1 + 4 + i % 40));
      sink.bucket(bucket);
      int entries = i % 7 == 0 ? 0 : i % 31;
      for (int j = 0; j < entries; j++) {
        sink.put(bucket, key(j, 2), sink.filled(i % 200));
      }
    }
  }

  /** Keys as long as they may be make branches of seven children, and so a tree of five levels. */
  private static void deep(Filler sink) {
    for (int i = 0; i < 4000; i++) {
      sink.put("deep", key(i, KEY_BYTES_MAX), sink.filled(20 + i % 60));
    }
    for (int i = 0; i < 20000; i++) {
      sink.put("wide", key(i, 8), sink.filled(i % 90));
    }
  }

  private static void mixed(Filler sink) {
    Random random = new Random(SEED);
    for (int i = 0; i < 20000; i++) {
      byte[] key = new byte[1 + random.nextInt(1 + random.nextInt(40))];
      random.nextBytes(key);
      int size = random.nextInt(1 + random.nextInt(i % 500 == 0 ? 20000 : 300));
      sink.put("mixed-" + random.nextInt(20), key, sink.filled(size));
    }
  }

  /** Rises with the number; zeros in front and behind. */
  private static byte[] key(int number, int lengthBytes) {
    byte[] key = new byte[lengthBytes];
    byte[] digits = ByteBuffer.allocate(4).putInt(number).array();
    int length = Math.min(4, lengthBytes);
    System.arraycopy(digits, 4 - length, key, 0, length);
    return key;
  }

  /** Gathers puts into batches of a few mebibytes. */
  private static final class Filler {
    private static final long BATCH_BYTES = 4 << 20;

    private final Consumer<Batch> sink;
    private final Random random = new Random(SEED);
    private Batch.Builder batch = Batch.builder();
    private long batchBytes;

    Filler(Consumer<Batch> sink) {
      this.sink = sink;
    }

    /** Bytes that no rule can compress or confuse with zeros. */
    byte[] filled(int lengthBytes) {
      byte[] bytes = new byte[lengthBytes];
      random.nextBytes(bytes);
      return bytes;
    }

    void bucket(String name) {
      bucket(Bucket.named(name));
    }

    void bucket(Bucket bucket) {
      batch.createBucket(bucket);
    }

    void put(String bucket, byte[] key, byte[] value) {
      put(Bucket.named(bucket), key, value);
    }

    void put(Bucket bucket, byte[] key, byte[] value) {
      batch.createBucket(bucket).put(bucket, key, value);
      batchBytes += key.length + value.length;
      if (batchBytes > BATCH_BYTES) {
        flush();
      }
    }

    /** A bucket of some entries whose leaf would have an exact size. */
    void node(String bucket, int sizeBytes, int entries) {
      int left = sizeBytes - HEADER_BYTES - entries * (HEADER_BYTES + 4);
      for (int i = 0; i < entries; i++) {
        int valueBytes = i == entries - 1 ? left : left / (entries - i);
        left -= valueBytes;
        put(bucket, key(i, 4), filled(valueBytes));
      }
    }

    void flush() {
      sink.accept(batch.build());
      batch = Batch.builder();
      batchBytes = 0;
    }
  }
}
