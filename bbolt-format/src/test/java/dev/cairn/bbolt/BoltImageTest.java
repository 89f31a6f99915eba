package dev.cairn.bbolt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An image as a snapshot: ownership, closing, failures, limits. */
class BoltImageTest {
  private static final int VALUE_BYTES = 1_000;

  /** A view of one bucket whose keys come from a stream that may differ from pass to pass. */
  private static final class Scripted implements ReadView {
    private final Supplier<Iterator<byte[]>> keys;
    private final AtomicInteger closes = new AtomicInteger();

    Scripted(Supplier<Iterator<byte[]>> keys) {
      this.keys = keys;
    }

    boolean isClosed() {
      return closes.get() > 0;
    }

    @Override
    public List<Bucket> buckets() {
      check();
      return List.of(Bucket.named("b"));
    }

    @Override
    public Cursor openCursor(Bucket bucket) {
      check();
      Iterator<byte[]> rest = keys.get();
      return new ForwardCursor() {
        private byte[] key;

        @Override
        public boolean next() {
          check();
          key = rest.hasNext() ? rest.next() : null;
          return key != null;
        }

        @Override
        public ByteBuffer key() {
          return ByteBuffer.wrap(key).asReadOnlyBuffer();
        }

        @Override
        public ByteBuffer value() {
          return ByteBuffer.allocate(VALUE_BYTES).asReadOnlyBuffer();
        }
      };
    }

    private void check() {
      if (isClosed()) {
        throw StorageException.of(Code.CLOSED, "closed");
      }
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
    public void close() {
      closes.incrementAndGet();
    }
  }

  private static Iterator<byte[]> rising(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> ByteBuffer.allocate(4).putInt(i).array())
        .iterator();
  }

  /** Notes what it gets, and does something at each chunk. */
  private static final class Sink implements WritableByteChannel {
    private final IntConsumer atChunk;
    private long bytes;
    private int chunks;
    private int chunkBytesMax;

    Sink(IntConsumer atChunk) {
      this.atChunk = atChunk;
    }

    @Override
    public int write(ByteBuffer from) {
      int length = from.remaining();
      from.position(from.limit());
      bytes += length;
      chunkBytesMax = Math.max(chunkBytesMax, length);
      atChunk.accept(++chunks);
      return length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      throw new AssertionError("the sink is the caller's");
    }
  }

  private static final Sink IGNORING = new Sink(chunk -> {});

  @Test
  void aSnapshotIsExactBoundedAndOnce() throws Exception {
    Scripted view = new Scripted(() -> rising(5_000));
    Sink sink = new Sink(chunk -> {});
    try (BoltImage image = BoltImage.of(view)) {
      assertEquals(0, image.size() % 512);
      image.writeTo(sink);
      assertEquals(image.size(), sink.bytes);
      assertTrue(sink.chunkBytesMax <= 1 << 20 && sink.chunks > 2);
      assertTrue(view.isClosed(), "nothing more is read");
      assertThrows(IllegalStateException.class, () -> image.writeTo(sink));
    }
  }

  @Test
  void closingItClosesTheViewAndEndsARunningWrite() {
    Scripted view = new Scripted(() -> rising(5_000));
    BoltImage image = BoltImage.of(view);
    Sink sink =
        new Sink(
            chunk -> {
              if (chunk == 3) {
                image.close();
              }
            });
    assertCode(Code.CLOSED, () -> image.writeTo(sink));
    assertEquals(3, sink.chunks);
    assertTrue(view.isClosed());
    image.close();
    assertCode(Code.CLOSED, () -> image.writeTo(sink));
  }

  @Test
  void aPlanThatFailsClosesTheView() {
    Scripted view =
        new Scripted(
            () -> {
              throw StorageException.of(Code.EXPIRED, "revoked");
            });
    assertCode(Code.EXPIRED, () -> BoltImage.of(view));
    assertTrue(view.isClosed());
  }

  @Test
  void theSinksExceptionComesOutUnchanged() {
    IOException broken = new IOException("broken pipe");
    WritableByteChannel sink =
        new WritableByteChannel() {
          @Override
          public int write(ByteBuffer from) throws IOException {
            throw broken;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };
    try (BoltImage image = BoltImage.of(new Scripted(() -> rising(5_000)))) {
      assertSame(broken, assertThrows(IOException.class, () -> image.writeTo(sink)));
    }
  }

  @Test
  void aFailureOfTheViewIsNoShortSuccess() {
    AtomicInteger passes = new AtomicInteger();
    Scripted view =
        new Scripted(
            () -> {
              if (passes.incrementAndGet() == 1) {
                return rising(5_000);
              }
              Iterator<byte[]> some = rising(2_000);
              return IntStream.range(0, 5_000)
                  .mapToObj(
                      i -> {
                        if (!some.hasNext()) {
                          throw StorageException.of(Code.EXPIRED, "revoked");
                        }
                        return some.next();
                      })
                  .iterator();
            });
    try (BoltImage image = BoltImage.of(view)) {
      assertCode(Code.EXPIRED, () -> image.writeTo(IGNORING));
    }
  }

  /** A view must not change; one that does gives neither a short nor a long image. */
  @Test
  void aViewThatChangesIsFoundOut() {
    for (int second : new int[] {4_000, 4_990, 5_003, 20_000}) {
      AtomicInteger passes = new AtomicInteger();
      Scripted view = new Scripted(() -> rising(passes.incrementAndGet() == 1 ? 5_000 : second));
      Sink sink = new Sink(chunk -> {});
      try (BoltImage image = BoltImage.of(view)) {
        assertCode(Code.CORRUPT, () -> image.writeTo(sink));
        assertFalse(sink.bytes >= image.size());
      }
    }
  }

  @Test
  void whatNoImageHoldsIsRefusedBeforeAnythingIsWritten() {
    byte[] longest = new byte[Layout.KEY_BYTES_MAX];
    try (BoltImage image = BoltImage.of(new Scripted(() -> List.of(longest).iterator()))) {
      assertTrue(image.size() > Layout.KEY_BYTES_MAX);
    }
    List<List<byte[]>> refused =
        List.of(List.of(new byte[Layout.KEY_BYTES_MAX + 1]), List.of(new byte[0]));
    for (List<byte[]> keys : refused) {
      Scripted view = new Scripted(keys::iterator);
      StorageException e = assertThrows(StorageException.class, () -> BoltImage.of(view));
      assertEquals(Code.LIMIT, e.code());
      assertTrue(e.getMessage().contains("bucket b"), e.getMessage());
      assertTrue(view.isClosed());
    }
  }

  @Test
  void keysThatDoNotRiseAreRefused() {
    byte[][][] wrong = {
      {{1}, {1}}, {{2}, {1}}, {{1, 0}, {1}}, {{(byte) 0x80}, {0x7f}}, {{1, 2, 3}, {1, 2, 2, 9}}
    };
    for (byte[][] keys : wrong) {
      assertCode(Code.CORRUPT, () -> BoltImage.of(new Scripted(() -> List.of(keys).iterator())));
    }
    byte[][] right = {{0}, {0, 0}, {1}, {1, 2}, {0x7f}, {(byte) 0x80}, {(byte) 0xff, 0}};
    BoltImage.of(new Scripted(() -> List.of(right).iterator())).close();
  }

  private static void assertCode(Code code, org.junit.jupiter.api.function.Executable call) {
    assertEquals(code, assertThrows(StorageException.class, call).code());
  }
}
