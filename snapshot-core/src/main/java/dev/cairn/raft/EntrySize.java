package dev.cairn.raft;

import dev.cairn.wal.Entry;

/** How long an entry is when it is encoded, without encoding it. */
final class EntrySize {
  private static final int TAG_BYTES = 1;

  /** Tags of type, term and index, and the type itself. */
  private static final int FIXED_BYTES = 3 * TAG_BYTES + 1;

  private EntrySize() {}

  static long of(Entry entry) {
    int dataBytes = entry.data().length;
    long bytes = FIXED_BYTES + varintBytes(entry.term()) + varintBytes(entry.index());
    return dataBytes == 0 ? bytes : bytes + TAG_BYTES + varintBytes(dataBytes) + dataBytes;
  }

  /** Seven bits a byte; one byte for 0. */
  static int varintBytes(long value) {
    return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7;
  }
}
