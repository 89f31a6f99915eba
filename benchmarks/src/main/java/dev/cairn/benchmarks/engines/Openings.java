package dev.cairn.benchmarks.engines;

import dev.cairn.benchmarks.WorkFolder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** From a file at rest to the first value, and back to rest. */
@State(Scope.Benchmark)
public class Openings {
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
  private Asked asked;

  /** Fills a store and closes it. */
  @Setup(Level.Trial)
  public void fill() {
    folder = new WorkFolder();
    asked = new Asked(keys);
    try (Contender store = open()) {
      Data.fill(store, keys, valueBytes);
    }
  }

  private Contender open() {
    return Contenders.open(contender, folder.resolve("store"), valueBytes);
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void remove() {
    folder.close();
  }

  /** Opened, asked for one value, closed. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public byte[] openTime() {
    try (Contender store = open();
        Contender.View view = store.openView()) {
      return view.get(asked.next());
    }
  }
}
