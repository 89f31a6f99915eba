package dev.cairn.wal;

/** The numbers of the format. */
final class WalFormat {
  /** What a segment is preallocated to: millions, not mebibytes. */
  static final long SEGMENT_BYTES = 64L * 1000 * 1000;

  /** Bytes of a record's length. Records are padded to a multiple of it. */
  static final int LENGTH_BYTES = Long.BYTES;

  /** The longest body that is read; etcd 3.4 itself refuses 10 MiB. */
  static final int BODY_BYTES_MAX = 64 << 20;

  /**
   * Bodies of so many bytes, padding included, are written no more: etcd 3.4 does not read them.
   */
  static final int WRITTEN_BODY_BYTES_LIMIT = 10 << 20;

  /** What a disk writes wholly or not at all. */
  static final int SECTOR_BYTES = 512;

  private static final int LENGTH_BITS = 56;
  private static final long PADDED = 0x80;

  private WalFormat() {}

  /** How many zeros follow a body. */
  static int padBytes(long bodyBytes) {
    return (int) (-bodyBytes & LENGTH_BYTES - 1);
  }

  /** The length that stands before a body. */
  static long lengthField(long bodyBytes) {
    int pad = padBytes(bodyBytes);
    return pad == 0 ? bodyBytes : bodyBytes | (PADDED | pad) << LENGTH_BITS;
  }

  /** The bytes of the body behind a length; -1 when it is none. */
  static long bodyBytes(long lengthField) {
    long bodyBytes = lengthField & (1L << LENGTH_BITS) - 1;
    return lengthField(bodyBytes) == lengthField ? bodyBytes : -1;
  }
}
