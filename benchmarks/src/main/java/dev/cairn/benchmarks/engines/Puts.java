package dev.cairn.benchmarks.engines;

import dev.cairn.benchmarks.WorkFolder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Durable batches of 1,000 new keys, made outside what is measured. */
@State(Scope.Benchmark)
public class Puts {
  private static final int BATCH = 1_000;

  /** Who. */
  @Param({"lmdb", "lmdb-raw", "h2", "h2-raw", "mapdb", "mapdb-raw", "mapdb-stock", "bbolt"})
  public String contender;

  /** Of each value. */
  @Param({"100", "4096"})
  public int valueBytes;

  /** Whether the keys come in the order of the store; else anywhere. */
  @Param({"sequential", "random"})
  public String order;

  private WorkFolder folder;
  private Contender store;
  private byte[][] keys;
  private byte[][] values;
  private long next;

  /** Starts with an empty store. */
  @Setup(Level.Iteration)
  public void open() {
    folder = new WorkFolder();
    store = Contenders.open(contender, folder.resolve("store"), valueBytes);
    values = Data.values(BATCH, valueBytes);
    next = 0;
  }

  /** Makes the keys of the next batch. */
  @Setup(Level.Invocation)
  public void makeKeys() {
    keys = Data.keys(next, BATCH, order);
    next += BATCH;
  }

  /** Removes the store. */
  @TearDown(Level.Iteration)
  public void close() {
    store.close();
    folder.close();
  }

  /** Throughput is of keys. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void put() {
    store.put(keys, values);
  }
}
