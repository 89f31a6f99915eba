package dev.cairn.engine.bbolt;

import dev.cairn.io.DiskFile;
import java.nio.ByteBuffer;

/** Writes pages, those that follow each other in one go, and lets the file grow before them. */
final class PageWriter {
  private static final int BUFFER_BYTES = 128 << 10;
  private static final long GROWTH_BYTES_MIN = 32 << 10;

  /** bbolt's step; up to it the file doubles. */
  private static final long GROWTH_BYTES_MAX = 16 << 20;

  private final DiskFile file;
  private final int pageSizeBytes;
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private long bufferAtBytes;
  private long lengthBytes;

  PageWriter(DiskFile file, int pageSizeBytes) {
    this.file = file;
    this.pageSizeBytes = pageSizeBytes;
    lengthBytes = file.sizeBytes();
  }

  /** Writes whole pages, sooner or later. */
  void write(long page, byte[] bytes) {
    long at = page * pageSizeBytes;
    if (at != bufferAtBytes + buffer.position() || bytes.length > buffer.remaining()) {
      flush();
      room();
      bufferAtBytes = at;
    }
    grow(at + bytes.length);
    if (bytes.length > buffer.remaining()) {
      file.write(at, ByteBuffer.wrap(bytes));
      bufferAtBytes = at + bytes.length;
    } else {
      buffer.put(bytes);
    }
  }

  private void room() {
    if (buffer.capacity() == 0) {
      buffer = ByteBuffer.allocate(BUFFER_BYTES);
    }
  }

  /** Hands over what is still kept back. */
  void flush() {
    if (buffer.position() > 0) {
      buffer.flip();
      try {
        file.write(bufferAtBytes, buffer);
      } finally {
        buffer.clear();
      }
    }
  }

  private void grow(long endBytes) {
    if (endBytes <= lengthBytes) {
      return;
    }
    long length = endBytes + GROWTH_BYTES_MAX;
    if (endBytes <= GROWTH_BYTES_MAX) {
      length = Math.max(GROWTH_BYTES_MIN, Long.highestOneBit(endBytes - 1) << 1);
    }
    length = (length + pageSizeBytes - 1) / pageSizeBytes * pageSizeBytes;
    file.setLength(length);
    lengthBytes = length;
  }

  /** Forgets what was not handed over. */
  void reset() {
    buffer.clear();
    bufferAtBytes = 0;
  }
}
