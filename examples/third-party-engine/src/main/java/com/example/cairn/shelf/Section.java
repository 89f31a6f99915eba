package com.example.cairn.shelf;

import dev.cairn.io.DiskFile;
import dev.cairn.spi.Limits;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The entries of one bucket, sorted, in one file. Big-endian.
 *
 * <pre>
 * section = entry*, u64 offset of each entry from the section's start
 * entry   = u16 key length, key, value
 * </pre>
 *
 * @param file open as long as this is used
 * @param place where in it
 */
record Section(DiskFile file, Place place) {
  static final int ENTRY_HEAD_BYTES = 2;

  private static final int OFFSET_BYTES = 8;
  private static final int CHUNK_BYTES = 1 << 16;
  private static final int KEY_BYTES_MAX = Limits.PORTABLE.keyBytesMax();
  private static final int ENTRY_BYTES_MAX =
      ENTRY_HEAD_BYTES + KEY_BYTES_MAX + Limits.PORTABLE.valueBytesMax();

  /** A key and its value. */
  record Entry(byte[] key, byte[] value) {}

  /** Takes bytes onwards. */
  @FunctionalInterface
  interface Sink<E extends Exception> {
    void take(ByteBuffer chunk) throws E;
  }

  /**
   * Reads all bytes, and hands them on before it knows whether they are what was written.
   *
   * @throws StorageException {@code corrupt} when they are not
   */
  <E extends Exception> void read(Sink<E> sink) throws E {
    CRC32C crc = new CRC32C();
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, place.sizeBytes()));
    long end = place.offsetBytes() + place.sizeBytes();
    for (long at = place.offsetBytes(); at < end; ) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), end - at));
      file.readFully(at, chunk);
      at += chunk.position();
      crc.update(chunk.array(), 0, chunk.position());
      sink.take(chunk.flip());
    }
    if ((int) crc.getValue() != place.sum()) {
      throw corrupt(0, "entries are damaged; restore a snapshot");
    }
  }

  /** Looks at all of it once, so that what is read later is what was written. */
  void verify(long fileBytes) {
    boolean fits =
        place.offsetBytes() >= Head.SIZE_BYTES
            && place.sizeBytes() >= 0
            && place.offsetBytes() <= fileBytes - place.sizeBytes()
            && place.count() >= 0
            && place.count() <= place.sizeBytes() / OFFSET_BYTES;
    if (!fits) {
      throw StorageException.corrupt(file.path(), fileBytes, "ends before its entries do");
    }
    read(chunk -> {});
  }

  /** The entry of an index from 0. */
  Entry entry(long index) {
    ByteBuffer bytes = bytes(index, ENTRY_BYTES_MAX);
    byte[] key = key(index, bytes);
    byte[] value = new byte[bytes.remaining()];
    bytes.get(value);
    return new Entry(key, value);
  }

  byte[] key(long index) {
    return key(index, bytes(index, ENTRY_HEAD_BYTES + KEY_BYTES_MAX));
  }

  private byte[] key(long index, ByteBuffer entry) {
    int length = entry.getShort() & 0xffff;
    if (length > entry.remaining()) {
      throw corrupt(index, "has a key that is longer than the entry");
    }
    byte[] key = new byte[length];
    entry.get(key);
    return key;
  }

  /** The first bytes of an entry. What is on the disk may have changed since it was verified. */
  private ByteBuffer bytes(long index, int bytesMax) {
    long from = offset(index);
    long length = offset(index + 1) - from;
    if (from < 0 || length < ENTRY_HEAD_BYTES || length > ENTRY_BYTES_MAX) {
      throw corrupt(index, "is no longer where it was");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, bytesMax));
    file.readFully(place.offsetBytes() + from, bytes);
    return bytes.flip();
  }

  private long offset(long index) {
    long offsetsStart = place.sizeBytes() - place.count() * OFFSET_BYTES;
    if (index == place.count()) {
      return offsetsStart;
    }
    ByteBuffer offset = ByteBuffer.allocate(OFFSET_BYTES);
    file.readFully(place.offsetBytes() + offsetsStart + index * OFFSET_BYTES, offset);
    return offset.getLong(0);
  }

  /** The index of the first entry whose key is not less; the count when there is none. */
  long ceiling(byte[] key) {
    long low = 0;
    long high = place.count();
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(key(middle), key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private StorageException corrupt(long index, String what) {
    return StorageException.corrupt(
        file.path(), place.offsetBytes(), "entry " + index + ": " + what);
  }
}
