package dev.cairn.etcd;

import dev.cairn.spi.ReadView;
import java.nio.ByteBuffer;

/**
 * Bucket {@code authUsers}: the value is an encoded User whose name is the key.
 *
 * <pre>
 * User           { bytes name = 1; bytes password = 2; repeated string roles = 3; UserAddOptions options = 4; }
 * UserAddOptions { bool no_password = 1; }
 * </pre>
 */
final class UserCheck implements BucketCheck {
  private static final int NAME = 1;
  private static final int PASSWORD = 2;
  private static final int ROLE = 3;
  private static final int OPTIONS = 4;

  private final ReadView view;
  private final CheckLog.InBucket log;

  UserCheck(ReadView view, CheckLog.InBucket log) {
    this.view = view;
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
      } else if (fields.is(ROLE, WireFields.BYTES)) {
        role(key, fields.bytes());
      } else {
        valid =
            fields.is(PASSWORD, WireFields.BYTES)
                || (fields.is(OPTIONS, WireFields.BYTES) && isOptions(fields.bytes()));
      }
    }
    if (!valid || fields.malformed()) {
      log.found(key, "its value is no User");
    } else if (!named) {
      log.found(key, "is the user of another name");
    }
  }

  private void role(ByteBuffer user, ByteBuffer role) {
    byte[] name = new byte[role.remaining()];
    role.duplicate().get(name);
    if (EtcdBuckets.get(view, EtcdBuckets.AUTH_ROLES, name) == null) {
      log.note(user, "has role " + EntryText.of(role) + ", which is not there");
    }
  }

  private static boolean isOptions(ByteBuffer message) {
    WireFields fields = new WireFields().on(message);
    while (fields.next()) {
      if (!fields.is(1, WireFields.VARINT) || (fields.number() & ~1) != 0) {
        return false;
      }
    }
    return !fields.malformed();
  }
}
