package dev.cairn.benchmarks.engines;

import dev.cairn.benchmarks.WorkFolder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Pinning an instant of a filled store, where a contender can. */
@State(Scope.Benchmark)
public class Views {
  /** Who. */
  @Param({"lmdb", "lmdb-raw", "h2", "h2-raw", "mapdb", "bbolt"})
  public String contender;

  /** In the store. */
  @Param("10000")
  public int keys;

  /** Of each value. */
  @Param("100")
  public int valueBytes;

  private WorkFolder folder;
  private Contender store;

  /** Fills it. */
  @Setup(Level.Trial)
  public void fill() {
    folder = new WorkFolder();
    store = Contenders.open(contender, folder.resolve("store"), valueBytes);
    Data.fill(store, keys, valueBytes);
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void close() {
    store.close();
    folder.close();
  }

  /** Opened and closed. */
  @Benchmark
  public void viewOpen() {
    store.openView().close();
  }
}
