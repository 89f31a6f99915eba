package dev.cairn.etcd;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * What {@code etcdctl snapshot status} says of a content, found in one pass and with no heap to
 * speak of; where a compaction was under way, in a few passes more and with heap as {@link
 * EtcdHash#hashKv} takes it.
 *
 * @param hash CRC-32C over everything, to be read as unsigned
 * @param revision main revision of the last entry of bucket {@code key}, 0 without one
 * @param totalKeys entries of all buckets together, as 3.4 and 3.5 count
 * @param liveKeys keys that a client sees, as 3.6 counts; empty where a key or value is not etcd's
 */
public record EtcdStatus(int hash, long revision, long totalKeys, OptionalLong liveKeys) {
  /**
   * Reads a content.
   *
   * @param view read to its end and left open
   * @return what it says
   * @throws StorageException as the view's calls; {@code corrupt} when the last entry of bucket
   *     {@code key} has no revision
   */
  public static EtcdStatus of(ReadView view) {
    CRC32C crc = new CRC32C();
    LiveKeys live = LiveKeys.before(view);
    long entries = 0;
    for (Bucket bucket : view.buckets()) {
      boolean keySpace = bucket.equals(EtcdBuckets.KEY);
      crc.update(bucket.name());
      try (Cursor cursor = view.openCursor(bucket)) {
        while (cursor.next()) {
          entries++;
          ByteBuffer key = cursor.key();
          ByteBuffer value = cursor.value();
          if (keySpace) {
            live.add(key, value);
          }
          crc.update(key);
          crc.update(value);
        }
      }
    }
    return new EtcdStatus(
        (int) crc.getValue(), EtcdView.lastRevision(view), entries, live.count(view));
  }
}
