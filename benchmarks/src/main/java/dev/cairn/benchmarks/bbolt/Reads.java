package dev.cairn.benchmarks.bbolt;

import dev.cairn.spi.Bucket;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Scans and gets of one view: the first scan since the process opened the file, then warm ones,
 * then gets of picked keys, of which some were deleted. Lengths and the last byte of each value are
 * added up, so that both sides have to come to the same sum.
 */
final class Reads {
  private static final int WARM_UP_SCANS = 10;
  private static final int SCANS = 3;

  private final ReadView view;
  private final Bucket bucket;
  private final Workload work;
  private long sum;

  Reads(ReadView view, Bucket bucket, Workload work) {
    this.view = view;
    this.bucket = bucket;
    this.work = work;
  }

  List<Meter> run() {
    Meter cold = new Meter("scanCold").measure(this::scan);
    repeat(new Meter("warm-up"), WARM_UP_SCANS);
    Meter scan = repeat(new Meter("scan"), SCANS);
    new Meter("warm-up").measure(this::gets);
    Meter get = new Meter("get").measure(this::gets);
    return List.of(cold, scan, get);
  }

  long sum() {
    return sum;
  }

  private Meter repeat(Meter meter, int scans) {
    for (int i = 0; i < scans; i++) {
      meter.measure(this::scan);
    }
    return meter;
  }

  private long scan() {
    long entries = 0;
    try (Cursor cursor = view.openCursor(bucket)) {
      while (cursor.next()) {
        ByteBuffer value = cursor.value();
        sum += cursor.key().remaining() + value.remaining() + value.get(value.limit() - 1);
        entries++;
      }
    }
    return entries;
  }

  private long gets() {
    for (long i = 0; i < work.keys(); i++) {
      byte[] value = view.get(bucket, work.key(work.pick(Workload.GETS, i)));
      if (value != null) {
        sum += value.length + value[value.length - 1];
      }
    }
    return work.keys();
  }
}
