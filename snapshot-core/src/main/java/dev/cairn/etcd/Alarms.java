package dev.cairn.etcd;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.StoreTx;
import java.util.ArrayList;
import java.util.List;

/**
 * The alarms of a content that are active, bucket {@code alarm}. Immutable.
 *
 * @param active in the order of the bucket
 */
public record Alarms(List<EtcdAlarm> active) {
  /**
   * Copies the list.
   *
   * @param active in the order of the bucket
   */
  public Alarms {
    active = List.copyOf(active);
  }

  /**
   * Reads the alarms.
   *
   * @param view left open
   * @return the alarms
   * @throws StorageException {@code corrupt} for a key that is no alarm; else as the view's calls
   */
  public static Alarms of(ReadView view) {
    List<EtcdAlarm> active = new ArrayList<>();
    if (view.buckets().contains(EtcdBuckets.ALARM)) {
      try (Cursor cursor = view.openCursor(EtcdBuckets.ALARM)) {
        while (cursor.next()) {
          EtcdAlarm alarm = EtcdAlarm.decode(cursor.key());
          if (alarm == null) {
            throw StorageException.of(
                Code.CORRUPT,
                "bucket alarm, key " + EntryText.of(cursor.key()) + ": is no AlarmMember");
          }
          active.add(alarm);
        }
      }
    }
    return new Alarms(active);
  }

  /**
   * Raises an alarm as etcd does; one that is active stays so.
   *
   * @param tx an update of a store with etcd's buckets
   * @param alarm which one
   * @throws StorageException {@code limit} for a type that there is not, and for {@code NONE} of
   *     member 0; {@code not-found} without bucket {@code alarm}
   */
  public static void activate(StoreTx tx, EtcdAlarm alarm) {
    byte[] key = alarm.encode();
    if (tx.get(EtcdBuckets.ALARM, key) == null) {
      tx.put(EtcdBuckets.ALARM, key, new byte[0]);
    }
  }

  /**
   * Ends an alarm as etcd does: this type of this member alone.
   *
   * @param tx an update of a store with etcd's buckets
   * @param alarm which one
   * @return whether it was active
   * @throws StorageException {@code limit} and {@code not-found} as {@link #activate}
   */
  public static boolean deactivate(StoreTx tx, EtcdAlarm alarm) {
    byte[] key = alarm.encode();
    boolean active = tx.get(EtcdBuckets.ALARM, key) != null;
    if (active) {
      tx.delete(EtcdBuckets.ALARM, key);
    }
    return active;
  }
}
