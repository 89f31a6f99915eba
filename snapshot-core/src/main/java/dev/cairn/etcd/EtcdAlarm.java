package dev.cairn.etcd;

import dev.cairn.etcd.proto.AlarmMember;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;

/**
 * An alarm that is active: a key of bucket {@code alarm}.
 *
 * <pre>
 * AlarmMember { uint64 memberID = 1; AlarmType alarm = 2; }     NONE 0, NOSPACE 1, CORRUPT 2
 * </pre>
 *
 * @param memberId which member raised it
 * @param type its number: 1 {@code NOSPACE}, 2 {@code CORRUPT}; 0 {@code NONE}, which warns of
 *     nothing, but etcd keeps it where a client raised it
 */
public record EtcdAlarm(long memberId, long type) {
  private static final int MEMBER_ID = 1;
  private static final int ALARM = 2;
  private static final int NONE = 0;
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
    EtcdAlarm alarm = new EtcdAlarm(memberId, type);
    return !fields.malformed() && alarm.isKey() ? alarm : null;
  }

  /** Whether it can stand in the bucket: a key is not empty. */
  private boolean isKey() {
    return type >= NONE && type <= CORRUPT && (memberId != 0 || type != NONE);
  }

  /**
   * The key of this alarm, as etcd writes it: fields that are 0 are left out.
   *
   * @return a few bytes that the caller owns
   * @throws StorageException {@code limit} for a type that there is not, and for {@code NONE} of
   *     member 0, which would be an empty key
   */
  byte[] encode() {
    if (!isKey()) {
      throw StorageException.of(
          Code.LIMIT,
          "no alarm of member %x has the type %d; 1 is NOSPACE, 2 is CORRUPT"
              .formatted(memberId, type));
    }
    return AlarmMember.newBuilder()
        .setMemberID(memberId)
        .setAlarmValue((int) type)
        .build()
        .toByteArray();
  }

  /**
   * What it is called.
   *
   * @return {@code NOSPACE}, {@code CORRUPT} or {@code NONE}
   */
  public String name() {
    return switch ((int) type) {
      case NONE -> "NONE";
      case NOSPACE -> "NOSPACE";
      default -> "CORRUPT";
    };
  }

  /** What a server does not do while the alarm is active. */
  String refuses() {
    return switch ((int) type) {
      case NONE -> "nothing";
      case NOSPACE -> "writes";
      default -> "reads and writes";
    };
  }

  /** As etcd's Status tells it: in the text form of its message, with a blank behind each field. */
  String text() {
    String member = memberId == 0 ? "" : "memberID:" + Long.toUnsignedString(memberId) + " ";
    return type == NONE ? member : member + "alarm:" + name() + " ";
  }
}
