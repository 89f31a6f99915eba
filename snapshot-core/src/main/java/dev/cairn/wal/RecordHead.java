package dev.cairn.wal;

import java.nio.ByteBuffer;

/**
 * What stands in a record's body before its data.
 *
 * @param type the number
 * @param crc the CRC
 * @param headBytes how many bytes the head has; the rest of the body is the data
 */
record RecordHead(long type, int crc, int headBytes) {
  /** The longest head: three tags, two varints of 10 bytes, one of 5. */
  static final int BYTES_MAX = 32;

  private static final int TYPE_TAG = 0x08;
  private static final int CRC_TAG = 0x10;
  private static final int DATA_TAG = 0x1a;
  private static final int VARINT_BITS_MAX = 64;
  private static final long NONE = -1;

  /**
   * Reads the head of a body. The data must fill the body, so that a damaged length is found before
   * as many bytes are read.
   *
   * @param body from its beginning, at least {@link #BYTES_MAX} bytes or all of it
   * @param bodyBytes how many it has in all
   * @return null when it is no record
   */
  static RecordHead read(ByteBuffer body, long bodyBytes) {
    int start = body.position();
    long type = field(body, TYPE_TAG);
    long crc = field(body, CRC_TAG);
    if (type < 0 || crc < 0 || crc >>> Integer.SIZE != 0) {
      return null;
    }
    int head = body.position() - start;
    if (head == bodyBytes) {
      return new RecordHead(type, (int) crc, head);
    }
    long dataBytes = field(body, DATA_TAG);
    head = body.position() - start;
    return dataBytes == bodyBytes - head ? new RecordHead(type, (int) crc, head) : null;
  }

  private static long field(ByteBuffer body, int tag) {
    return body.hasRemaining() && body.get() == tag ? varint(body) : NONE;
  }

  private static long varint(ByteBuffer body) {
    long value = 0;
    for (int shift = 0; shift < VARINT_BITS_MAX && body.hasRemaining(); shift += 7) {
      byte next = body.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    return NONE;
  }

  /** Writes the head of a body. */
  static void write(ByteBuffer into, int type, int crc, int dataBytes) {
    into.put((byte) TYPE_TAG).put((byte) type).put((byte) CRC_TAG);
    putVarint(into, crc);
    if (dataBytes > 0) {
      into.put((byte) DATA_TAG);
      putVarint(into, dataBytes);
    }
  }

  private static void putVarint(ByteBuffer into, int unsigned) {
    int left = unsigned;
    while ((left & ~0x7f) != 0) {
      into.put((byte) (left | 0x80));
      left >>>= 7;
    }
    into.put((byte) left);
  }
}
