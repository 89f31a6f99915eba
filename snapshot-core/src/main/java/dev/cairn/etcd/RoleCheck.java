package dev.cairn.etcd;

import java.nio.ByteBuffer;

/**
 * Bucket {@code authRoles}: the value is an encoded Role whose name is the key.
 *
 * <pre>
 * Role       { bytes name = 1; repeated Permission keyPermission = 2; }
 * Permission { Type permType = 1; bytes key = 2; bytes range_end = 3; }     READ 0 .. READWRITE 2
 * </pre>
 */
final class RoleCheck implements BucketCheck {
  private static final int NAME = 1;
  private static final int PERMISSION = 2;
  private static final int PERMISSION_TYPE_MAX = 2;

  private final CheckLog.InBucket log;

  RoleCheck(CheckLog.InBucket log) {
    this.log = log;
  }

  @Override
  public void entry(ByteBuffer key, ByteBuffer value) {
    WireFields fields = new WireFields().on(value);
    boolean named = false;
    boolean valid = true;
    while (valid && fields.next()) {
      if (fields.is(NAME, WireFields.BYTES)) {
        named = fields.bytes().equals(key);
      } else {
        valid = fields.is(PERMISSION, WireFields.BYTES) && isPermission(fields.bytes());
      }
    }
    if (!valid || fields.malformed()) {
      log.found(key, "its value is no Role");
    } else if (!named) {
      log.found(key, "is the role of another name");
    }
  }

  private static boolean isPermission(ByteBuffer message) {
    WireFields fields = new WireFields().on(message);
    while (fields.next()) {
      boolean type = fields.is(1, WireFields.VARINT);
      boolean known = type || fields.is(2, WireFields.BYTES) || fields.is(3, WireFields.BYTES);
      if (!known || (type && (fields.number() < 0 || fields.number() > PERMISSION_TYPE_MAX))) {
        return false;
      }
    }
    return !fields.malformed();
  }
}
