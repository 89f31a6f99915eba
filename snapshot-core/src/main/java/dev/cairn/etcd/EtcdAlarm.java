package dev.cairn.etcd;

import java.nio.ByteBuffer;

/**
 * An alarm that is active: a key of bucket {@code alarm}.
 *
 * <pre>
 * AlarmMember { uint64 memberID = 1; AlarmType alarm = 2; }     NONE 0, NOSPACE 1, CORRUPT 2
 * </pre>
 *
 * @param memberId which member raised it
 * @param type its number: 1 {@code NOSPACE}, 2 {@code CORRUPT}
 */
public record EtcdAlarm(long memberId, long type) {
  private static final int MEMBER_ID = 1;
  private static final int ALARM = 2;
  private static final int NOSPACE = 1;
  private static final int CORRUPT = 2;

  /** The alarm in a key, which is left as it is; null on any bytes that etcd does not write. */
  static EtcdAlarm decode(ByteBuffer key) {
    WireFields fields = new WireFields().on(key);
    long memberId = 0;
    long type = 0;
    int last = 0;
    while (fields.next()) {
      boolean known =
          fields.is(MEMBER_ID, WireFields.VARINT) || fields.is(ALARM, WireFields.VARINT);
      if (!known || fields.field() <= last) {
        return null;
      }
      last = fields.field();
      memberId = last == MEMBER_ID ? fields.number() : memberId;
      type = last == ALARM ? fields.number() : type;
    }
    boolean valid = !fields.malformed() && (type == NOSPACE || type == CORRUPT);
    return valid ? new EtcdAlarm(memberId, type) : null;
  }

  /**
   * What it is called.
   *
   * @return {@code NOSPACE} or {@code CORRUPT}
   */
  public String name() {
    return type == NOSPACE ? "NOSPACE" : "CORRUPT";
  }

  /** What a server does not do while the alarm is active. */
  String refuses() {
    return type == NOSPACE ? "writes" : "reads and writes";
  }

  /** As etcd's Status tells it: in the text form of its message, with a blank behind each field. */
  String text() {
    String member = memberId == 0 ? "" : "memberID:" + Long.toUnsignedString(memberId) + " ";
    return member + "alarm:" + name() + " ";
  }
}
