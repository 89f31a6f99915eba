package dev.cairn.etcd;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.zip.CRC32C;

/** The hashes that etcd and its tools print: CRC-32C over names, keys and values without frames. */
public final class EtcdHash {
  /** What changes without any change of content, and so is not hashed by a running server. */
  private static final Set<ByteBuffer> NOT_MAINTAINED =
      Set.of(
          ByteBuffer.wrap(EtcdView.CONSISTENT_INDEX),
          ByteBuffer.wrap(EtcdView.TERM),
          ByteBuffer.wrap(EtcdView.STORAGE_VERSION));

  private EtcdHash() {}

  /**
   * What {@code etcdctl snapshot status} prints: over everything in the view.
   *
   * @param view read to its end and left open
   * @return the CRC-32C, to be read as unsigned
   * @throws StorageException as the view's calls
   */
  public static int status(ReadView view) {
    return EtcdStatus.of(view).hash();
  }

  /**
   * What a server's {@code Maintenance.Hash} answers: over everything but the consistent index, the
   * term and the storage version in bucket {@code meta}.
   *
   * @param view read to its end and left open
   * @return the CRC-32C, to be read as unsigned
   * @throws StorageException as the view's calls
   */
  public static int maintenance(ReadView view) {
    CRC32C crc = new CRC32C();
    for (Bucket bucket : view.buckets()) {
      crc.update(bucket.name());
      boolean meta = bucket.equals(EtcdBuckets.META);
      try (Cursor cursor = view.openCursor(bucket)) {
        while (cursor.next()) {
          if (!(meta && NOT_MAINTAINED.contains(cursor.key()))) {
            crc.update(cursor.key());
            crc.update(cursor.value());
          }
        }
      }
    }
    return (int) crc.getValue();
  }

  /**
   * What a server's {@code Maintenance.HashKV} answers: over the key space as of a revision, equal
   * on members that compacted at different times.
   *
   * <p>Cost: one pass over bucket {@code key} and no heap to speak of for a store that was never
   * compacted. Else three passes more, a bit for each entry up to the compaction, and 43 to 86
   * bytes for each key that lived then and was overwritten or deleted since (keys put anew cost
   * nothing, nor does their length matter), up to a third of the largest heap; keys that do not fit
   * are dealt with in further parts, with two passes each.
   *
   * @param view left open
   * @param revision the last revision to hash; 0 for the newest
   * @return the CRC-32C, to be read as unsigned
   * @throws StorageException {@code limit} for a revision that was compacted away or is still to
   *     come; {@code corrupt}; else as the view's calls
   */
  public static int hashKv(ReadView view, long revision) {
    return HashKv.of(view, revision, KeyTable.bytesMaxDefault());
  }
}
