package dev.cairn.etcd;

import java.nio.ByteBuffer;

/**
 * Finds single fields of an encoded mvccpb.KeyValue where it lies, without copying its value: a
 * pass over millions of entries makes no garbage.
 */
final class KeyValueScan {
  private static final int KEY_FIELD = 1;
  private static final int VERSION_FIELD = 4;
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;
  private static final int VARINT_BITS_MAX = 64;

  private final ByteBuffer message;
  private ByteBuffer key;
  private long version;

  private KeyValueScan(ByteBuffer message) {
    this.message = message;
  }

  /** The user key, a part of the message; empty when the field is absent; null on other bytes. */
  static ByteBuffer key(ByteBuffer message) {
    KeyValueScan scan = new KeyValueScan(message.slice());
    if (!scan.run()) {
      return null;
    }
    return scan.key == null ? message.slice(message.position(), 0) : scan.key;
  }

  /** The field {@code version}, 0 when it is absent; -1 when the bytes are no such message. */
  static long version(ByteBuffer message) {
    KeyValueScan scan = new KeyValueScan(message.slice());
    return scan.run() ? scan.version : -1;
  }

  private boolean run() {
    while (message.hasRemaining()) {
      long tag = varint();
      if (tag <= 0 || !field((int) (tag >>> 3), (int) (tag & 7))) {
        return false;
      }
    }
    return true;
  }

  private boolean field(int number, int wireType) {
    switch (wireType) {
      case VARINT:
        long value = varint();
        version = number == VERSION_FIELD ? value : version;
        return value >= 0;
      case FIXED64:
        return skip(Long.BYTES);
      case FIXED32:
        return skip(Integer.BYTES);
      case BYTES:
        long length = varint();
        if (number == KEY_FIELD && length >= 0 && length <= message.remaining()) {
          key = message.slice(message.position(), (int) length);
        }
        return skip(length);
      default:
        return false;
    }
  }

  private boolean skip(long count) {
    if (count < 0 || count > message.remaining()) {
      return false;
    }
    message.position(message.position() + (int) count);
    return true;
  }

  /** None of the fields is negative in etcd, so -1 is free to say that the bytes end early. */
  private long varint() {
    long value = 0;
    for (int shift = 0; shift < VARINT_BITS_MAX && message.hasRemaining(); shift += 7) {
      byte next = message.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    return -1;
  }
}
