package dev.cairn.etcd;

import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
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
}
