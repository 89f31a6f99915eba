package dev.cairn.bbolt;

import dev.cairn.io.AtomicFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Builds an image of a view that is made up as it is read, and reads the image back. */
final class ManyKeys {
  private static final Bucket SMALL = Bucket.named("small");
  private static final Bucket LARGE = Bucket.named("large");
  private static final int LARGE_VALUES = 12;
  private static final int LARGE_BYTES = 8 << 20;

  private ManyKeys() {}

  /** Arguments: how many keys, and the file to write. */
  public static void main(String[] args) throws Exception {
    int keys = Integer.parseInt(args[0]);
    Path path = Path.of(args[1]);
    String first = hash(BoltImage.of(new MadeUp(keys)));
    try (AtomicFile out = AtomicFile.create(LocalDisk.INSTANCE, path);
        BoltImage image = BoltImage.of(new MadeUp(keys))) {
      image.writeTo(out);
      out.commit();
    }
    try (BoltFile file = Fixtures.open(path)) {
      BoltReport report = BoltChecker.check(file);
      require(report.sound(), report.findings().toString());
      require(report.entryCount() == keys + LARGE_VALUES, "entries: " + report.entryCount());
      require(hash(BoltImage.of(file.openView())).equals(first), "the image of the image differs");
      System.out.printf(
          Locale.ROOT,
          "%,d keys, %,d bytes, sha256 %s, heap max %,d%n",
          keys,
          file.imageSizeBytes(),
          first,
          Runtime.getRuntime().maxMemory());
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  private static String hash(Snapshot image) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    long[] bytes = {0};
    WritableByteChannel sink =
        new WritableByteChannel() {
          @Override
          public int write(ByteBuffer from) throws IOException {
            int length = from.remaining();
            digest.update(from);
            bytes[0] += length;
            return length;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };
    try (image) {
      image.writeTo(sink);
      require(bytes[0] == image.size(), "size");
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Many small entries, and a few as large as they may be. */
  private static final class MadeUp implements ReadView {
    private final int keys;

    MadeUp(int keys) {
      this.keys = keys;
    }

    @Override
    public List<Bucket> buckets() {
      return List.of(LARGE, SMALL);
    }

    @Override
    public Cursor openCursor(Bucket bucket) {
      return bucket.equals(SMALL)
          ? new Counting(keys, 100)
          : new Counting(LARGE_VALUES, LARGE_BYTES);
    }

    @Override
    public byte[] get(Bucket bucket, byte[] key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] lastKey(Bucket bucket) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private static final class Counting extends ForwardCursor {
    private final int count;
    private final ByteBuffer key = ByteBuffer.allocate(12);
    private final ByteBuffer value;
    private int next;

    Counting(int count, int valueBytesMax) {
      this.count = count;
      this.value = ByteBuffer.allocate(valueBytesMax);
    }

    @Override
    public boolean next() {
      if (next == count) {
        return false;
      }
      key.putInt(0, next).putLong(4, next * 0x9E3779B97F4A7C15L);
      value.clear().limit(value.capacity() - next % Math.min(100, value.capacity()));
      value.put(0, (byte) next);
      next++;
      return true;
    }

    @Override
    public ByteBuffer key() {
      return key.asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer value() {
      return value.asReadOnlyBuffer();
    }
  }
}
