package dev.cairn.etcd;

import java.nio.ByteBuffer;

/** Bucket {@code alarm}: the key is an encoded AlarmMember, the value is empty. */
final class AlarmCheck implements BucketCheck {
  private final CheckLog.InBucket log;

  AlarmCheck(CheckLog.InBucket log) {
    this.log = log;
  }

  @Override
  public void entry(ByteBuffer key, ByteBuffer value) {
    EtcdAlarm alarm = EtcdAlarm.decode(key);
    if (alarm == null) {
      log.found(key, "is no AlarmMember");
    } else if (value.hasRemaining()) {
      log.found(key, "has a value of " + value.remaining() + " bytes, not an empty one");
    } else {
      log.note(
          key,
          "alarm %s of member %x is active; a server on this content refuses %s until it is disarmed"
              .formatted(alarm.name(), alarm.memberId(), alarm.refuses()));
    }
  }
}
