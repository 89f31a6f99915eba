package com.example.cairn.shelf;

import dev.cairn.io.DiskFile;
import dev.cairn.spi.Bucket;
import dev.cairn.spi.Limits;
import dev.cairn.spi.StorageException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The last bytes of every file: where the entries of each bucket lie, in this file or another.
 * Big-endian.
 *
 * <pre>
 * table  = u32 buckets, bucket*, u32 length of all this, u32 CRC32C
 * bucket = u16 length, name, u64 file number, u64 offset, u64 size, u64 entries, u32 CRC32C
 * </pre>
 */
final class Table {
  private static final int TAIL_BYTES = 4 + 4;
  private static final int PLACE_BYTES = 8 + 8 + 8 + 8 + 4;
  private static final int SIZE_BYTES_MAX =
      4 + Limits.PORTABLE.bucketsMax() * (2 + Bucket.NAME_BYTES_MAX + PLACE_BYTES) + TAIL_BYTES;

  private Table() {}

  static int sizeBytes(Map<Bucket, Place> places) {
    int bytes = 4 + TAIL_BYTES;
    for (Bucket bucket : places.keySet()) {
      bytes += 2 + bucket.name().length + PLACE_BYTES;
    }
    return bytes;
  }

  static ByteBuffer encode(SortedMap<Bucket, Place> places) {
    ByteBuffer bytes = ByteBuffer.allocate(sizeBytes(places)).putInt(places.size());
    places.forEach(
        (bucket, place) -> {
          byte[] name = bucket.name();
          bytes.putShort((short) name.length).put(name);
          bytes.putLong(place.number()).putLong(place.offsetBytes());
          bytes.putLong(place.sizeBytes()).putLong(place.count()).putInt(place.sum());
        });
    bytes.putInt(bytes.capacity());
    return bytes.putInt(sum(bytes)).flip();
  }

  private static int sum(ByteBuffer table) {
    CRC32C crc = new CRC32C();
    crc.update(table.array(), 0, table.capacity() - 4);
    return (int) crc.getValue();
  }

  /**
   * Reads the table at the end of a file.
   *
   * @param sizeBytes where the file ends for this purpose: behind an image a hash may follow
   * @throws StorageException {@code corrupt}
   */
  static SortedMap<Bucket, Place> read(DiskFile file, long sizeBytes) {
    ByteBuffer tail = ByteBuffer.allocate(TAIL_BYTES);
    if (sizeBytes < Head.SIZE_BYTES + 4 + TAIL_BYTES) {
      throw StorageException.corrupt(file.path(), sizeBytes, "ends early");
    }
    file.readFully(sizeBytes - TAIL_BYTES, tail);
    int length = tail.getInt(0);
    if (length < 4 + TAIL_BYTES || length > Math.min(SIZE_BYTES_MAX, sizeBytes - Head.SIZE_BYTES)) {
      throw damaged(file, sizeBytes);
    }
    ByteBuffer table = ByteBuffer.allocate(length);
    file.readFully(sizeBytes - length, table);
    if (table.flip().getInt(length - 4) != sum(table)) {
      throw damaged(file, sizeBytes - length);
    }
    try {
      return decode(table);
    } catch (BufferUnderflowException | StorageException notOurs) {
      throw damaged(file, sizeBytes - length);
    }
  }

  private static StorageException damaged(DiskFile file, long offsetBytes) {
    return StorageException.corrupt(
        file.path(), offsetBytes, "its table is damaged; restore a snapshot");
  }

  private static SortedMap<Bucket, Place> decode(ByteBuffer table) {
    SortedMap<Bucket, Place> places = new TreeMap<>();
    for (int left = table.getInt(); left > 0; left--) {
      byte[] name = new byte[table.getShort() & 0xffff];
      table.get(name);
      places.put(
          Bucket.of(name),
          new Place(
              table.getLong(), table.getLong(), table.getLong(), table.getLong(), table.getInt()));
    }
    return places;
  }
}
