package dev.cairn.testkit;

import dev.cairn.spi.HeadReader;
import java.nio.ByteBuffer;

/** Bytes in memory as a file to be recognised. */
final class Heads {
  private Heads() {}

  static HeadReader of(byte[] bytes) {
    return new HeadReader() {
      @Override
      public long sizeBytes() {
        return bytes.length;
      }

      @Override
      public int read(long offsetBytes, ByteBuffer into) {
        if (offsetBytes < 0) {
          throw new IllegalArgumentException("offset " + offsetBytes);
        }
        int count = (int) Math.max(0, Math.min(into.remaining(), bytes.length - offsetBytes));
        if (count > 0) {
          into.put(bytes, (int) offsetBytes, count);
        }
        return count;
      }
    };
  }
}
