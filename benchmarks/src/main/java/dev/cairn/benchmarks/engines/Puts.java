package dev.cairn.benchmarks.engines;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Durable batches of 1,000 new keys with short values, made outside what is measured. */
@State(Scope.Benchmark)
public class Puts {
  /** Who. */
  @Param({"lmdb", "lmdb-raw", "h2", "h2-raw", "mapdb", "mapdb-raw", "mapdb-stock", "bbolt"})
  public String contender;

  /** Of each value. */
  @Param("100")
  public int valueBytes;

  /** Whether the keys come in the order of the store; else anywhere. */
  @Param({"sequential", "random"})
  public String order;

  private PutRun run;

  /** Starts with an empty store. */
  @Setup(Level.Iteration)
  public void open() {
    run = new PutRun(contender, valueBytes, order);
  }

  /** Makes the keys of the next batch. */
  @Setup(Level.Invocation)
  public void makeKeys() {
    run.makeKeys();
  }

  /** Removes the store. */
  @TearDown(Level.Iteration)
  public void close() {
    run.close();
  }

  /** Throughput is of keys. */
  @Benchmark
  @OperationsPerInvocation(PutRun.BATCH)
  public void put() {
    run.put();
  }
}
