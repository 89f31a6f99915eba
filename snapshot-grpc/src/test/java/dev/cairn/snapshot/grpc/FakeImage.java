package dev.cairn.snapshot.grpc;

import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;

/** An image of seeded bytes, written in odd pieces from one buffer that is used again. */
final class FakeImage implements Snapshot {
  private final long sizeBytes;
  private final long seed;
  final CountDownLatch closed = new CountDownLatch(1);

  FakeImage(long sizeBytes, long seed) {
    this.sizeBytes = sizeBytes;
    this.seed = seed;
  }

  @Override
  public long size() {
    return sizeBytes;
  }

  @Override
  public void writeTo(WritableByteChannel out) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    ByteBuffer piece = ByteBuffer.allocateDirect(300_000);
    for (long left = sizeBytes; left > 0; left -= piece.limit()) {
      if (closed.getCount() == 0) {
        throw StorageException.of(Code.CLOSED, "this image is closed");
      }
      piece.clear().limit((int) Math.min(left, piece.capacity()));
      fill(piece, random);
      out.write(piece.flip());
    }
  }

  private static void fill(ByteBuffer piece, SplittableRandom random) {
    while (piece.remaining() >= Long.BYTES) {
      piece.putLong(random.nextLong());
    }
    while (piece.hasRemaining()) {
      piece.put((byte) random.nextInt());
    }
  }

  /** All of it, to compare with. */
  byte[] bytes() {
    byte[] all = new byte[Math.toIntExact(sizeBytes)];
    ByteBuffer into = ByteBuffer.wrap(all);
    try {
      new FakeImage(sizeBytes, seed).writeTo(new Sink(into));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return all;
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private record Sink(ByteBuffer into) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer from) {
      int count = from.remaining();
      into.put(from);
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
