package dev.cairn.testkit;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Reads what {@link CheckedWriter} wrote, never beyond an announced end. Whatever is wrong with the
 * bytes is {@code corrupt}. One thread at a time.
 */
final class CheckedReader {
  private final ReadableByteChannel in;
  private final Path file;
  private final long sizeBytes;
  private final ByteBuffer buffer;
  private final CRC32C crc = new CRC32C();
  private long fetchedBytes;
  private int unsummed;

  CheckedReader(ReadableByteChannel in, long sizeBytes, Path file) {
    this.in = in;
    this.sizeBytes = sizeBytes;
    this.file = file;
    this.buffer =
        ByteBuffer.allocate((int) Math.min(CheckedWriter.CHUNK_BYTES, Math.max(sizeBytes, 0)));
    buffer.flip();
  }

  int u8() {
    return ready(1).get() & 0xff;
  }

  int u16() {
    return ready(2).getShort() & 0xffff;
  }

  int i32() {
    return ready(4).getInt();
  }

  long i64() {
    return ready(8).getLong();
  }

  byte[] bytes(int count) {
    if (count < 0 || count > sizeBytes - position()) {
      throw corrupt("a length of " + count + " bytes reaches behind the end");
    }
    byte[] value = new byte[count];
    int done = 0;
    while (done < value.length) {
      ByteBuffer from = ready(1);
      int some = Math.min(from.remaining(), value.length - done);
      from.get(value, done, some);
      done += some;
    }
    return value;
  }

  /** Passes over bytes; they count in the sum. */
  void skip(long count) {
    for (long left = count; left > 0; ) {
      ByteBuffer from = ready(1);
      int some = (int) Math.min(from.remaining(), left);
      from.position(from.position() + some);
      left -= some;
    }
  }

  /** Reads the sum of all that was read since the last {@link #restartSum} and compares. */
  boolean sumMatches() {
    takeSum();
    int expected = (int) crc.getValue();
    return i32() == expected;
  }

  void restartSum(byte[] seed) {
    takeSum();
    crc.reset();
    crc.update(seed);
  }

  /** The sum of all since the last {@link #restartSum}. */
  int sumSoFar() {
    takeSum();
    return (int) crc.getValue();
  }

  long position() {
    return fetchedBytes - buffer.remaining();
  }

  StorageException corrupt(String what) {
    return StorageException.corrupt(file, position(), what);
  }

  private void takeSum() {
    crc.update(buffer.array(), unsummed, buffer.position() - unsummed);
    unsummed = buffer.position();
  }

  private ByteBuffer ready(int wanted) {
    if (buffer.remaining() < wanted) {
      if (wanted > sizeBytes - position()) {
        throw corrupt("ends " + (wanted - (sizeBytes - position())) + " bytes early");
      }
      takeSum();
      buffer.compact();
      buffer.limit((int) Math.min(buffer.capacity(), buffer.position() + sizeBytes - fetchedBytes));
      fill(wanted);
      unsummed = 0;
    }
    return buffer;
  }

  private void fill(int wanted) {
    try {
      while (buffer.position() < wanted) {
        int count = in.read(buffer);
        if (count < 0) {
          buffer.flip();
          throw corrupt("ends " + (sizeBytes - fetchedBytes) + " bytes early");
        }
        fetchedBytes += count;
      }
      buffer.flip();
    } catch (IOException e) {
      throw StorageException.of(Code.IO, file, "cannot be read: " + e.getMessage(), e);
    }
  }
}
