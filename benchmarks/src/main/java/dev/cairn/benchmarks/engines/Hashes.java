package dev.cairn.benchmarks.engines;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The content hash of a filled store. */
@State(Scope.Benchmark)
public class Hashes {
  /** Of which engine. */
  @Param({"lmdb", "h2", "mapdb", "bbolt"})
  public String contender;

  /** In the store. */
  @Param("30000")
  public int keys;

  /** Of each value. */
  @Param("1000")
  public int valueBytes;

  private FilledStore filled;

  /** Fills a store. */
  @Setup(Level.Trial)
  public void fill() {
    filled = new FilledStore(contender, keys, valueBytes);
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void close() {
    filled.close();
  }

  /** All of it; the bytes are those of keys and values. */
  @Benchmark
  public String contentHash(Moved moved) {
    moved.bytes += keys * (16L + valueBytes);
    return filled.store().hash();
  }
}
