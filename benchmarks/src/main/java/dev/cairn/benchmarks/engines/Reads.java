package dev.cairn.benchmarks.engines;

import dev.cairn.benchmarks.WorkFolder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** What is done to a filled store while it is open; its keys stay the same ones. */
@State(Scope.Benchmark)
public class Reads {
  private static final int GETS = 1_000;
  private static final int MIXED_GETS = 90;
  private static final int MIXED_PUTS = 10;

  /** Who. */
  @Param({"lmdb", "lmdb-raw", "h2", "h2-raw", "mapdb", "mapdb-raw", "bbolt"})
  public String contender;

  /** In the store. */
  @Param("50000")
  public int keys;

  /** Of each value. */
  @Param("100")
  public int valueBytes;

  private WorkFolder folder;
  private Contender store;
  private Asked asked;
  private byte[][] oneValue;
  private byte[][] someValues;

  /** Fills it. */
  @Setup(Level.Trial)
  public void fill() {
    folder = new WorkFolder();
    store = Contenders.open(contender, folder.resolve("store"), valueBytes);
    Data.fill(store, keys, valueBytes);
    asked = new Asked(keys);
    oneValue = Data.values(1, valueBytes);
    someValues = Data.values(MIXED_PUTS, valueBytes);
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void close() {
    store.close();
    folder.close();
  }

  /** 1,000 keys that are there, anywhere, in one view; throughput is of keys. */
  @Benchmark
  @OperationsPerInvocation(GETS)
  public void get(Blackhole seen) {
    get(GETS, seen);
  }

  private void get(int count, Blackhole seen) {
    try (Contender.View view = store.openView()) {
      for (int i = 0; i < count; i++) {
        seen.consume(view.get(asked.next()));
      }
    }
  }

  /** Every entry in order, in one view; an operation is a whole scan. */
  @Benchmark
  public long scan() {
    try (Contender.View view = store.openView()) {
      return view.scan();
    }
  }

  /** 90 gets in one view, and then a durable batch that replaces 10 values: one operation. */
  @Benchmark
  public void mixed(Blackhole seen) {
    get(MIXED_GETS, seen);
    store.put(asked.next(MIXED_PUTS), someValues);
  }

  /** One value replaced, durably. */
  @Benchmark
  @BenchmarkMode(Mode.SampleTime)
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public void commitLatency() {
    store.put(asked.next(1), oneValue);
  }
}
