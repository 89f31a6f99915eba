package dev.cairn.etcd;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;

/** Reads an encoded mvccpb.KeyValue where it lies, all but its value. Used again and again. */
final class KeyValueScan {
  private static final int KEY = 1;
  private static final int CREATE_REVISION = 2;
  private static final int MOD_REVISION = 3;
  private static final int VERSION = 4;
  private static final int VALUE = 5;
  private static final int LEASE = 6;

  private final WireFields fields = new WireFields();
  private ByteBuffer key;
  private long createRevision;
  private long modRevision;
  private long version;
  private long lease;
  private int lastField;
  private boolean asWritten;

  /** The user key, a part of the message; empty when the field is absent; null on other bytes. */
  static ByteBuffer key(ByteBuffer message) {
    KeyValueScan scan = new KeyValueScan();
    return scan.read(message) ? scan.key : null;
  }

  /** The user key of an entry of bucket {@code key}; {@code corrupt} on other bytes. */
  static ByteBuffer keyAt(Revision at, ByteBuffer message) {
    ByteBuffer key = key(message);
    if (key == null) {
      throw StorageException.of(
          Code.CORRUPT,
          "bucket key: the value at revision %d/%d is not etcd's".formatted(at.main(), at.sub()));
    }
    return key;
  }

  /** The field {@code version}, 0 when it is absent; -1 when the bytes are no such message. */
  static long version(ByteBuffer message) {
    KeyValueScan scan = new KeyValueScan();
    return scan.read(message) ? scan.version : -1;
  }

  /** Reads a message, which is left as it is; false when the bytes are none. */
  boolean read(ByteBuffer message) {
    key = message.slice(message.position(), 0);
    createRevision = 0;
    modRevision = 0;
    version = 0;
    lease = 0;
    lastField = 0;
    asWritten = true;
    fields.on(message);
    while (fields.next()) {
      take();
    }
    return !fields.malformed();
  }

  private void take() {
    boolean known = true;
    if (fields.is(KEY, WireFields.BYTES)) {
      key = fields.bytes();
    } else if (fields.is(CREATE_REVISION, WireFields.VARINT)) {
      createRevision = fields.number();
    } else if (fields.is(MOD_REVISION, WireFields.VARINT)) {
      modRevision = fields.number();
    } else if (fields.is(VERSION, WireFields.VARINT)) {
      version = fields.number();
    } else if (fields.is(LEASE, WireFields.VARINT)) {
      lease = fields.number();
    } else {
      known = fields.is(VALUE, WireFields.BYTES);
    }
    asWritten &= known && fields.field() > lastField;
    lastField = fields.field();
  }

  /** The user key, a part of the message; empty when the field is absent. */
  ByteBuffer key() {
    return key;
  }

  long createRevision() {
    return createRevision;
  }

  long modRevision() {
    return modRevision;
  }

  long version() {
    return version;
  }

  long lease() {
    return lease;
  }

  /** Whether there is nothing but etcd's fields, each at most once and in their order. */
  boolean asWritten() {
    return asWritten;
  }

  /** Whether there is nothing but a key. */
  boolean onlyKey() {
    return asWritten && lastField == KEY;
  }
}
