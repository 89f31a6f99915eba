package dev.cairn.engine.bbolt;

import dev.cairn.bbolt.BoltMeta;
import dev.cairn.engine.support.Identity;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What stands behind a meta in its page, where bbolt never looks: {@code identity (24 bytes), txid
 * u64, CRC32C u32 of both}, little-endian. bbolt and etcd write zeros there, so a tail with the
 * meta's own txid says that Cairn made this version, and all that Cairn once checked still holds.
 */
final class MetaTail {
  private static final int TXID_AT = Identity.SIZE_BYTES;
  private static final int CRC_AT = TXID_AT + Long.BYTES;
  private static final int SIZE_BYTES = CRC_AT + Integer.BYTES;

  private MetaTail() {}

  /** A whole meta page, with a tail when there is an identity. */
  static byte[] page(BoltMeta meta, int which, Identity identity) {
    byte[] page = Arrays.copyOf(meta.encode(which), meta.pageSizeBytes());
    if (identity != null) {
      ByteBuffer tail = ByteBuffer.wrap(page, BoltMeta.ENCODED_BYTES, SIZE_BYTES);
      tail.order(ByteOrder.LITTLE_ENDIAN).put(identity.encode()).putLong(meta.txid());
      tail.putInt(crc(page));
    }
    return page;
  }

  private static int crc(byte[] page) {
    CRC32C crc = new CRC32C();
    crc.update(page, BoltMeta.ENCODED_BYTES, CRC_AT);
    return (int) crc.getValue();
  }

  /** The identity behind the meta of a page, encoded; null when there is none that is whole. */
  static byte[] identity(byte[] page) {
    ByteBuffer tail = tail(page);
    return tail.getInt(CRC_AT) == crc(page) && tail.get(0) != 0
        ? Arrays.copyOfRange(
            page, BoltMeta.ENCODED_BYTES, BoltMeta.ENCODED_BYTES + Identity.SIZE_BYTES)
        : null;
  }

  /** The txid that the tail was written with. */
  static long txid(byte[] page) {
    return tail(page).getLong(TXID_AT);
  }

  private static ByteBuffer tail(byte[] page) {
    return ByteBuffer.wrap(page, BoltMeta.ENCODED_BYTES, SIZE_BYTES)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
