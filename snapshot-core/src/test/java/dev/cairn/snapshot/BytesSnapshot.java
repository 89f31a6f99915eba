package dev.cairn.snapshot;

import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.SplittableRandom;

/** A snapshot of given bytes, written in pieces of random length from short-lived buffers. */
class BytesSnapshot implements Snapshot {
  private final byte[] bytes;
  private final long announcedBytes;
  private final SplittableRandom random;
  private boolean closed;

  BytesSnapshot(byte[] bytes, SplittableRandom random) {
    this(bytes, bytes.length, random);
  }

  /** One that does not write what it announces. */
  BytesSnapshot(byte[] bytes, long announcedBytes, SplittableRandom random) {
    this.bytes = bytes;
    this.announcedBytes = announcedBytes;
    this.random = random;
  }

  static byte[] randomBytes(int size, SplittableRandom random) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  @Override
  public long size() {
    return announcedBytes;
  }

  @Override
  public void writeTo(WritableByteChannel out) throws IOException {
    for (int at = 0; at < bytes.length; ) {
      int count = Math.min(bytes.length - at, random.nextInt(1, 3_000));
      ByteBuffer piece =
          random.nextBoolean() ? ByteBuffer.allocate(count) : ByteBuffer.allocateDirect(count);
      piece.put(bytes, at, count).flip();
      out.write(piece.asReadOnlyBuffer());
      piece.clear();
      while (piece.hasRemaining()) {
        piece.put((byte) 0xdb);
      }
      at += count;
    }
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
