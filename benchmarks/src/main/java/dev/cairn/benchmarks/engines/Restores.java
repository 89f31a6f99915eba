package dev.cairn.benchmarks.engines;

import dev.cairn.benchmarks.WorkFolder;
import dev.cairn.snapshot.EtcdImages;
import dev.cairn.snapshot.Restore;
import dev.cairn.snapshot.RestoreRequest;
import dev.cairn.snapshot.RestoreResult;
import dev.cairn.snapshot.SaveOptions;
import dev.cairn.snapshot.SnapshotFile;
import dev.cairn.snapshot.Snapshots;
import dev.cairn.snapshot.StoreFormat;
import dev.cairn.spi.Snapshot;
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

/**
 * A saved snapshot becomes a store of an engine again, with all that belongs to it: its hash
 * compared, its content read before and after, everything synced.
 */
@State(Scope.Benchmark)
public class Restores {
  /** Into which engine. */
  @Param({"lmdb", "h2", "mapdb", "bbolt"})
  public String contender;

  /** In the snapshot. */
  @Param("20000")
  public int keys;

  /** Of each value. */
  @Param("1000")
  public int valueBytes;

  private FilledStore filled;
  private SnapshotFile ownImage;
  private SnapshotFile etcdImage;
  private String target;
  private long runs;

  /** Saves both snapshots. */
  @Setup(Level.Trial)
  public void save() {
    filled = new FilledStore(contender, keys, valueBytes);
    ownImage = Snapshots.save(filled.store(), filled.resolve("native"));
    try (Snapshot image = EtcdImages.of(filled.store().openView())) {
      etcdImage = Snapshots.save(image, filled.resolve("etcd"), SaveOptions.defaults());
    }
  }

  /** Names the next target. */
  @Setup(Level.Invocation)
  public void nameTarget() {
    target = "data" + runs++;
  }

  /** Removes what was restored. */
  @TearDown(Level.Invocation)
  public void removeTarget() {
    WorkFolder.delete(filled.resolve(target));
  }

  /** Removes all. */
  @TearDown(Level.Trial)
  public void close() {
    filled.close();
  }

  /** From the engine's own image. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public RestoreResult restoreNative() {
    return restore(ownImage);
  }

  /** From the etcd image of the same content. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public RestoreResult restoreEtcd() {
    return restore(etcdImage);
  }

  private RestoreResult restore(SnapshotFile source) {
    StoreFormat format = StoreFormat.named(contender);
    return Restore.restore(RestoreRequest.of(source, filled.resolve(target), format));
  }
}
