package dev.cairn.wal;

/**
 * How a log is written. Immutable.
 *
 * @param segmentBytes what a segment is preallocated to, and when it is full: a segment ends after
 *     the save with which so much has been written of it, so it may become longer. At least 1 KiB,
 *     and a multiple of 8 as every record is: what is left behind the last one would be read as
 *     half a length
 */
public record WalOptions(long segmentBytes) {
  private static final long SEGMENT_BYTES_MIN = 1 << 10;

  /**
   * Checks the size.
   *
   * @param segmentBytes at least 1 KiB, a multiple of 8
   * @throws IllegalArgumentException for one that is too small or no such multiple
   */
  public WalOptions {
    if (segmentBytes < SEGMENT_BYTES_MIN || WalFormat.padBytes(segmentBytes) > 0) {
      throw new IllegalArgumentException(
          "segments of %d bytes; at least %d and a multiple of 8"
              .formatted(segmentBytes, SEGMENT_BYTES_MIN));
    }
  }

  /**
   * As etcd writes.
   *
   * @return segments of 64,000,000 bytes
   */
  public static WalOptions defaults() {
    return new WalOptions(WalFormat.SEGMENT_BYTES);
  }

  /**
   * With segments of another size; etcd reads those too.
   *
   * @param bytes at least 1 KiB, a multiple of 8
   * @return the changed options
   */
  public WalOptions withSegmentBytes(long bytes) {
    return new WalOptions(bytes);
  }
}
