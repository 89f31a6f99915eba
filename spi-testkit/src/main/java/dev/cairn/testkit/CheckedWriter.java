package dev.cairn.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32C;

/** Writes big-endian fields through one buffer and keeps a CRC32C of them. One thread at a time. */
final class CheckedWriter {
  static final int CHUNK_BYTES = 1 << 16;

  private final WritableByteChannel out;
  private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
  private final CRC32C crc = new CRC32C();
  private int unsummed;
  private long sizeBytes;

  CheckedWriter(WritableByteChannel out) {
    this.out = out;
  }

  CheckedWriter u8(int value) throws IOException {
    room(1).put((byte) value);
    return this;
  }

  CheckedWriter u16(int value) throws IOException {
    room(2).putShort((short) value);
    return this;
  }

  CheckedWriter i32(int value) throws IOException {
    room(4).putInt(value);
    return this;
  }

  CheckedWriter i64(long value) throws IOException {
    room(8).putLong(value);
    return this;
  }

  CheckedWriter bytes(byte[] value) throws IOException {
    int done = 0;
    while (done < value.length) {
      ByteBuffer into = room(1);
      int count = Math.min(into.remaining(), value.length - done);
      into.put(value, done, count);
      done += count;
    }
    return this;
  }

  /** Writes the sum of all that was written since the last {@link #restartSum}. */
  CheckedWriter sum() throws IOException {
    return i32(sumSoFar());
  }

  /** The sum of all that was written since the last {@link #restartSum}. */
  int sumSoFar() {
    takeSum();
    return (int) crc.getValue();
  }

  /** Starts the sum anew with something that is not written: what it is chained to. */
  CheckedWriter restartSum(byte[] seed) {
    takeSum();
    crc.reset();
    crc.update(seed);
    return this;
  }

  /** Writes zeros up to a multiple of a size. */
  CheckedWriter padTo(int unitBytes) throws IOException {
    while (sizeBytes() % unitBytes != 0) {
      u8(0);
    }
    return this;
  }

  /** How much was written, what is still in the buffer included. */
  long sizeBytes() {
    return sizeBytes + buffer.position();
  }

  void flush() throws IOException {
    takeSum();
    sizeBytes += buffer.position();
    buffer.flip();
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
    buffer.clear();
    unsummed = 0;
  }

  private void takeSum() {
    crc.update(buffer.array(), unsummed, buffer.position() - unsummed);
    unsummed = buffer.position();
  }

  private ByteBuffer room(int wanted) throws IOException {
    if (buffer.remaining() < wanted) {
      flush();
    }
    return buffer;
  }
}
