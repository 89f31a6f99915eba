package dev.cairn.benchmarks;

import dev.cairn.bbolt.BoltImage;
import dev.cairn.spi.Backend;
import dev.cairn.spi.Cursor;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.Snapshot;
import java.io.IOException;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Reads of one store of each engine, and the images that it streams to nowhere. */
@State(Scope.Benchmark)
public class EngineReads {
  private static final int GETS = 1_000;

  /** Which one. */
  @Param({"lmdb", "mapdb", "h2", "bbolt"})
  public String engine;

  /** In the store. */
  @Param("200000")
  public int keys;

  /** Of each value. */
  @Param("100")
  public int valueBytes;

  private final SplittableRandom random = new SplittableRandom(1);
  private WorkFolder folder;
  private Backend backend;
  private ReadView view;

  /** Bytes of images. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Streamed {
    /** For the report. */
    public long bytes;
  }

  /** Fills a store. */
  @Setup(Level.Trial)
  public void open() {
    folder = new WorkFolder();
    backend = Stores.open(engine, folder);
    Stores.fill(backend, keys, valueBytes);
    view = backend.openView();
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void close() {
    view.close();
    backend.close();
    folder.close();
  }

  /** Keys that are there, anywhere; throughput is of keys. */
  @Benchmark
  @OperationsPerInvocation(GETS)
  public long get() {
    long found = 0;
    for (int i = 0; i < GETS; i++) {
      found += view.get(Stores.BUCKET, Stores.key(Stores.mixed(random.nextInt(keys)))).length;
    }
    return found;
  }

  /** Every entry, in order; an operation is a whole scan. */
  @Benchmark
  public long scan() {
    long bytes = 0;
    try (Cursor entry = view.openCursor(Stores.BUCKET)) {
      while (entry.next()) {
        bytes += entry.key().remaining() + entry.value().remaining();
      }
    }
    return bytes;
  }

  /** A view opened and closed. */
  @Benchmark
  public void openView() {
    backend.openView().close();
  }

  /** The engine's own image; an operation is a whole one. */
  @Benchmark
  public void nativeImage(Streamed streamed) throws IOException {
    try (Snapshot snapshot = backend.snapshot()) {
      snapshot.writeTo(new NullChannel());
      streamed.bytes += snapshot.size();
    }
  }

  /** The etcd image of the same content. */
  @Benchmark
  public void etcdImage(Streamed streamed) throws IOException {
    try (BoltImage image = BoltImage.of(backend.openView())) {
      image.writeTo(new NullChannel());
      streamed.bytes += image.size();
    }
  }
}
