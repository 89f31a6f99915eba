package dev.cairn.benchmarks.engines;

import dev.cairn.snapshot.EtcdImages;
import dev.cairn.spi.Snapshot;
import dev.cairn.store.StoreSnapshot;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Images to nowhere, whole ones. What the machine can do at best is in {@link MachineRates}. */
@State(Scope.Benchmark)
public class Images {
  /** Of which engine. */
  @Param({"lmdb", "h2", "mapdb", "bbolt"})
  public String contender;

  /** In the store. */
  @Param("30000")
  public int keys;

  /** Of each value. */
  @Param({"100", "1000"})
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

  /** The engine's own. */
  @Benchmark
  public void nativeImage(Moved moved) throws IOException {
    try (StoreSnapshot snapshot = filled.store().snapshot()) {
      write(snapshot.image(), moved);
    }
  }

  /** The bbolt file that etcd opens. */
  @Benchmark
  public void etcdImage(Moved moved) throws IOException {
    try (Snapshot image = EtcdImages.of(filled.store().openView())) {
      write(image, moved);
    }
  }

  private static void write(Snapshot image, Moved moved) throws IOException {
    image.writeTo(new NullChannel());
    moved.bytes += image.size();
  }
}
