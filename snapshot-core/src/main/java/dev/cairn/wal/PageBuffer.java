package dev.cairn.wal;

import dev.cairn.io.DiskFile;
import java.nio.ByteBuffer;

/**
 * Writes to a file from an offset on, in whole pages until it is flushed. How much has reached the
 * file decides when a segment is full, so that page and buffer have the sizes that etcd's have. One
 * thread at a time.
 */
final class PageBuffer {
  private static final int PAGE_BYTES = 4096;
  private static final int BUFFER_BYTES = 1 << 17;

  private final DiskFile file;
  private final ByteBuffer pending = ByteBuffer.allocate(BUFFER_BYTES + PAGE_BYTES);
  private long written;

  PageBuffer(DiskFile file, long offset) {
    this.file = file;
    this.written = offset;
  }

  /** Takes bytes; what is too much for the buffer is written up to the last page that is full. */
  void write(byte[] bytes, int from, int count) {
    int slack = (int) (-endBytes() & PAGE_BYTES - 1);
    if (pending.position() + count <= BUFFER_BYTES || slack > count) {
      pending.put(bytes, from, count);
      return;
    }
    pending.put(bytes, from, slack);
    flush();
    int left = count - slack;
    int direct = left > PAGE_BYTES ? left - left % PAGE_BYTES : 0;
    writeThrough(ByteBuffer.wrap(bytes, from + slack, direct));
    pending.put(bytes, count - left + direct + from, left - direct);
  }

  /** Writes what is left in the buffer. */
  void flush() {
    writeThrough(pending.flip());
    pending.clear();
  }

  private void writeThrough(ByteBuffer bytes) {
    if (bytes.hasRemaining()) {
      int count = bytes.remaining();
      file.write(written, bytes);
      written += count;
    }
  }

  /** Where the next write to the file goes. */
  long writtenBytes() {
    return written;
  }

  /** Where the file will end when all is flushed. */
  long endBytes() {
    return written + pending.position();
  }
}
