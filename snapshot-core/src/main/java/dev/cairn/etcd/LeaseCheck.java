package dev.cairn.etcd;

import java.nio.ByteBuffer;

/**
 * Bucket {@code lease}: the key is the id, 8 bytes big-endian, the value an encoded Lease.
 *
 * <pre>
 * Lease { int64 ID = 1; int64 TTL = 2; int64 RemainingTTL = 3; }     seconds
 * </pre>
 */
final class LeaseCheck implements BucketCheck {
  private static final int FIELDS = 3;

  private final CheckLog.InBucket log;
  private final WireFields fields = new WireFields();

  LeaseCheck(CheckLog.InBucket log) {
    this.log = log;
  }

  @Override
  public void entry(ByteBuffer key, ByteBuffer value) {
    if (key.remaining() != Long.BYTES) {
      log.found(key, "is no lease id: it has " + key.remaining() + " bytes, not 8");
      return;
    }
    long[] numbers = new long[FIELDS + 1];
    if (!read(value, numbers)) {
      log.found(key, "its value is no Lease");
      return;
    }
    if (numbers[1] != key.getLong(key.position())) {
      log.found(key, "holds lease %016x".formatted(numbers[1]));
    }
    if (numbers[2] <= 0 || numbers[3] < 0 || numbers[3] > numbers[2]) {
      log.found(key, "lives %d seconds, of which %d are left".formatted(numbers[2], numbers[3]));
    }
  }

  private boolean read(ByteBuffer value, long[] numbers) {
    fields.on(value);
    int last = 0;
    while (fields.next()) {
      int field = fields.field();
      if (field > FIELDS || field <= last || !fields.is(field, WireFields.VARINT)) {
        return false;
      }
      numbers[field] = fields.number();
      last = field;
    }
    return !fields.malformed();
  }
}
