package dev.cairn.wal;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** A segment that is read, through a window of it. One thread at a time. */
final class SegmentFile implements AutoCloseable {
  private static final int WINDOW_BYTES = 1 << 16;

  private final DiskFile file;
  private final long sizeBytes;
  private final ByteBuffer window;
  private long windowOffset;

  SegmentFile(Disk disk, Path path) {
    file = disk.open(path, Disk.Mode.READ);
    sizeBytes = file.sizeBytes();
    window = ByteBuffer.allocate((int) Math.min(WINDOW_BYTES, sizeBytes)).limit(0);
  }

  Path path() {
    return file.path();
  }

  long sizeBytes() {
    return sizeBytes;
  }

  long longAt(long offset) {
    return at(offset, Long.BYTES).getLong();
  }

  /** Up to so many bytes, as far as the file reaches; the buffer is changed by the next call. */
  ByteBuffer peek(long offset, long bytesMax) {
    return at(offset, (int) Math.min(bytesMax, sizeBytes - offset));
  }

  /** Copies bytes that are there. */
  byte[] read(long offset, int count) {
    byte[] bytes = new byte[count];
    if (count <= window.capacity()) {
      at(offset, count).get(bytes);
    } else {
      file.readFully(offset, ByteBuffer.wrap(bytes));
    }
    return bytes;
  }

  /** At most a window's bytes that are there. */
  private ByteBuffer at(long offset, int count) {
    if (offset < windowOffset || offset + count > windowOffset + window.limit()) {
      window.clear().limit((int) Math.min(window.capacity(), sizeBytes - offset));
      file.readFully(offset, window);
      windowOffset = offset;
      window.flip();
    }
    int from = (int) (offset - windowOffset);
    return window.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(from).limit(from + count);
  }

  /**
   * Whether a piece of these bytes that lies in one sector is all zero: a write that was cut by a
   * loss of power leaves that, and whole records do not have it.
   */
  boolean anySectorIsZero(long from, long to) {
    for (long at = from; at < to; ) {
      long end = Math.min(to, (at / WalFormat.SECTOR_BYTES + 1) * WalFormat.SECTOR_BYTES);
      if (isZero(at(at, (int) (end - at)))) {
        return true;
      }
      at = end;
    }
    return false;
  }

  /** Whether nothing but zeros follows. */
  boolean isZero(long from) {
    for (long at = from; at < sizeBytes; at += window.capacity()) {
      if (!isZero(at(at, (int) Math.min(window.capacity(), sizeBytes - at)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZero(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      if (bytes.get() != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    file.close();
  }
}
