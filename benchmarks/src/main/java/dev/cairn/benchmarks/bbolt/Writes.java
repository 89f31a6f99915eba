package dev.cairn.benchmarks.bbolt;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import dev.cairn.spi.Bucket;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts and deletes on an empty store: all keys in their order, then picked ones, by thousands and
 * one by one. Keys and values are made before the clock runs; building the batch is measured, as it
 * is the part of the work that bbolt does when a key is put.
 */
final class Writes {
  private static final int FIRST = 0;
  private static final int SECOND = 1;
  private static final int THIRD = 2;
  private static final int DELETE = -1;

  private final Backend backend;
  private final Bucket bucket;
  private final Workload work;

  Writes(Backend backend, Bucket bucket, Workload work) {
    this.backend = backend;
    this.bucket = bucket;
    this.work = work;
  }

  List<Meter> run() {
    backend.commit(Batch.builder().createBucket(bucket).build());
    List<Meter> meters = new ArrayList<>();
    meters.add(rising());
    int batches = work.pickedBatches();
    int singles = work.singles();
    meters.add(picked("put1000random", Workload.PUT_BATCHES, batches, Workload.BATCH, SECOND));
    meters.add(picked("put1", Workload.PUT_SINGLES, singles, 1, THIRD));
    meters.add(picked("delete1000", Workload.DELETE_BATCHES, batches, Workload.BATCH, DELETE));
    meters.add(picked("delete1", Workload.DELETE_SINGLES, singles, 1, DELETE));
    return meters;
  }

  private Meter rising() {
    Meter meter = new Meter("put1000");
    for (long from = 0; from < work.keys(); from += Workload.BATCH) {
      long[] numbers = new long[(int) Math.min(Workload.BATCH, work.keys() - from)];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = from + i;
      }
      commit(meter, numbers, FIRST);
    }
    return meter;
  }

  private Meter picked(String operation, int stream, int batches, int size, int round) {
    Meter meter = new Meter(operation);
    for (int batch = 0; batch < batches; batch++) {
      long[] numbers = new long[size];
      for (int i = 0; i < size; i++) {
        numbers[i] = work.pick(stream, (long) batch * size + i);
      }
      commit(meter, numbers, round);
    }
    return meter;
  }

  private void commit(Meter meter, long[] numbers, int round) {
    byte[][] keys = new byte[numbers.length][];
    byte[][] values = new byte[numbers.length][];
    for (int i = 0; i < numbers.length; i++) {
      keys[i] = work.key(numbers[i]);
      values[i] = round == DELETE ? null : work.value(numbers[i], round);
    }
    meter.measure(
        () -> {
          backend.commit(batch(keys, values));
          return numbers.length;
        });
  }

  private Batch batch(byte[][] keys, byte[][] values) {
    Batch.Builder batch = Batch.builder();
    for (int i = 0; i < keys.length; i++) {
      if (values[i] == null) {
        batch.delete(bucket, keys[i]);
      } else {
        batch.put(bucket, keys[i], values[i]);
      }
    }
    return batch.build();
  }
}
