package dev.cairn.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.cairn.etcd.proto.AlarmMember;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The alarms that a content carries along. The message is the key of an entry; its value is empty.
 */
final class CarriedAlarms {
  private CarriedAlarms() {}

  /** A sentence for each. */
  static List<String> notes(ReadView view) {
    List<String> notes = new ArrayList<>();
    if (view.buckets().contains(EtcdBuckets.ALARM)) {
      try (Cursor cursor = view.openCursor(EtcdBuckets.ALARM)) {
        while (cursor.next()) {
          notes.add(note(cursor.key()));
        }
      }
    }
    return notes;
  }

  private static String note(ByteBuffer key) {
    try {
      AlarmMember alarm = AlarmMember.parseFrom(ByteString.copyFrom(key));
      return "alarm %s of member %s comes along; writes may fail until it is disarmed"
          .formatted(alarm.getAlarm(), Long.toHexString(alarm.getMemberID()));
    } catch (InvalidProtocolBufferException notAnAlarm) {
      throw StorageException.of(Code.CORRUPT, "bucket alarm: a key is no alarm of etcd");
    }
  }
}
