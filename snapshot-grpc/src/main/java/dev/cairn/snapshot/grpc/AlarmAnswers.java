package dev.cairn.snapshot.grpc;

import dev.cairn.etcd.Alarms;
import dev.cairn.etcd.EtcdAlarm;
import dev.cairn.etcd.proto.AlarmMember;
import dev.cairn.etcd.proto.AlarmRequest;
import dev.cairn.etcd.proto.AlarmRequest.AlarmAction;
import dev.cairn.etcd.proto.AlarmResponse;
import dev.cairn.store.Store;
import java.util.List;

/**
 * Alarms, kept in the store as etcd keeps them, and answered as etcd 3.4 does: without a header;
 * when asked for, those of one type or all, whoever raised them; when raised or ended, the one that
 * is meant, or nothing when it was not active.
 */
final class AlarmAnswers {
  private final Store store;

  AlarmAnswers(Store store) {
    this.store = store;
  }

  AlarmResponse alarm(AlarmRequest request) {
    // etcd dies of an action that it does not know.
    return switch (request.getAction()) {
      case GET -> active(request.getAlarmValue());
      case ACTIVATE -> activate(alarmOf(request));
      case DEACTIVATE -> deactivate(alarmOf(request));
      case UNRECOGNIZED ->
          throw EtcdErrors.invalid(
              "alarm action %d is unknown; take 0 to %d"
                  .formatted(request.getActionValue(), AlarmAction.DEACTIVATE_VALUE));
    };
  }

  private static EtcdAlarm alarmOf(AlarmRequest request) {
    return new EtcdAlarm(request.getMemberID(), request.getAlarmValue());
  }

  private AlarmResponse active(int type) {
    List<EtcdAlarm> all = store.view(Alarms::of).active();
    AlarmResponse.Builder response = AlarmResponse.newBuilder();
    all.stream()
        .filter(alarm -> type == 0 || alarm.type() == type)
        .forEach(alarm -> response.addAlarms(member(alarm)));
    return response.build();
  }

  private AlarmResponse activate(EtcdAlarm alarm) {
    store.update(tx -> Alarms.activate(tx, alarm));
    return AlarmResponse.newBuilder().addAlarms(member(alarm)).build();
  }

  private AlarmResponse deactivate(EtcdAlarm alarm) {
    if (alarm.equals(new EtcdAlarm(0, 0))) {
      // Can never be active; etcd dies where it is raised.
      return AlarmResponse.getDefaultInstance();
    }
    boolean[] active = new boolean[1];
    store.update(tx -> active[0] = Alarms.deactivate(tx, alarm));
    return active[0]
        ? AlarmResponse.newBuilder().addAlarms(member(alarm)).build()
        : AlarmResponse.getDefaultInstance();
  }

  private static AlarmMember member(EtcdAlarm alarm) {
    return AlarmMember.newBuilder()
        .setMemberID(alarm.memberId())
        .setAlarmValue((int) alarm.type())
        .build();
  }
}
