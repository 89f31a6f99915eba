package dev.cairn.benchmarks;

import dev.cairn.spi.Backend;
import dev.cairn.spi.Batch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Durable batches of 1,000 new keys of 16 bytes; the batch is made outside what is measured. */
@State(Scope.Benchmark)
public class EngineWrites {
  private static final int BATCH = 1_000;

  /** Which one. */
  @Param({"lmdb", "mapdb", "h2", "bbolt"})
  public String engine;

  /** Of each value. */
  @Param({"100", "4096"})
  public int valueBytes;

  /** Whether the keys come in the order of the store. */
  @Param({"sequential", "random"})
  public String order;

  private WorkFolder folder;
  private Backend backend;
  private Batch batch;
  private long next;

  /** Makes an empty store. */
  @Setup(Level.Iteration)
  public void open() {
    folder = new WorkFolder();
    backend = Stores.open(engine, folder);
    next = 0;
  }

  /** Makes the next batch. */
  @Setup(Level.Invocation)
  public void makeBatch() {
    batch = Stores.batch(next, BATCH, order.equals("random"), valueBytes);
    next += BATCH;
  }

  /** Removes the store. */
  @TearDown(Level.Iteration)
  public void close() {
    backend.close();
    folder.close();
  }

  /** Throughput is of keys. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void put() {
    backend.commit(batch);
  }
}
