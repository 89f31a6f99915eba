package dev.cairn.etcd;

import java.nio.ByteBuffer;

/**
 * The fields of an encoded message, one by one and where they lie, without copying: a pass over
 * millions of entries makes no garbage. Whatever the bytes are, it ends at the last of them.
 */
final class WireFields {
  static final int VARINT = 0;
  static final int BYTES = 2;
  private static final int FIXED64 = 1;
  private static final int FIXED32 = 5;
  private static final int VARINT_BITS_MAX = 64;
  private static final long TAG_MAX = (1L << 32) - 1;

  private ByteBuffer message;
  private int limit;
  private int at;
  private boolean malformed;
  private int field;
  private int type;
  private long number;

  /** Begins with a message, from its position to its limit; it is left as it is. */
  WireFields on(ByteBuffer newMessage) {
    message = newMessage;
    at = newMessage.position();
    limit = newMessage.limit();
    malformed = false;
    return this;
  }

  /** Goes on to the next field; false behind the last one, and where the bytes are no message. */
  boolean next() {
    if (malformed || at == limit) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    type = (int) tag & 7;
    malformed |= tag < 0 || tag > TAG_MAX || field == 0;
    if (!malformed) {
      readContent();
    }
    return !malformed;
  }

  private void readContent() {
    switch (type) {
      case VARINT -> number = varint();
      case FIXED64 -> skip(Long.BYTES);
      case FIXED32 -> skip(Integer.BYTES);
      case BYTES -> {
        number = varint();
        skip(number);
      }
      default -> malformed = true;
    }
  }

  private void skip(long count) {
    if (count < 0 || count > limit - at) {
      malformed = true;
    } else {
      at += (int) count;
    }
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < VARINT_BITS_MAX && at < limit; shift += 7) {
      byte next = message.get(at++);
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    malformed = true;
    return 0;
  }

  /** Whether what was met last is no message. */
  boolean malformed() {
    return malformed;
  }

  /** The number of the field, from 1 on. */
  int field() {
    return field;
  }

  /** Whether it is this field, in this encoding. */
  boolean is(int wantedField, int wantedType) {
    return field == wantedField && type == wantedType;
  }

  /** The value of a {@link #VARINT}. */
  long number() {
    return number;
  }

  /** The content of a field of {@link #BYTES}, a part of the message. */
  ByteBuffer bytes() {
    return message.slice(at - (int) number, (int) number);
  }
}
