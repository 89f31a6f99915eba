package dev.cairn.benchmarks.wal;

import dev.cairn.benchmarks.WorkFolder;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import dev.cairn.wal.HardState;
import dev.cairn.wal.Wal;
import dev.cairn.wal.WalMetadata;
import dev.cairn.wal.WalOptions;
import java.nio.ByteBuffer;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * One durable entry after the other, each waited for; beside it a bare writer that puts as many
 * bytes behind each other into an equally long file and syncs it by the same call.
 */
@State(Scope.Benchmark)
public class WalAppend {
  private static final long BARE_BYTES = WalOptions.defaults().segmentBytes();

  /** Bytes of an entry's data. */
  @Param({"128", "4096"})
  public int dataBytes;

  private WorkFolder folder;
  private Wal wal;
  private long index;
  private byte[] data;
  private DiskFile bare;
  private long bareOffset;

  /** Makes both files anew. */
  @Setup(Level.Iteration)
  public void open() {
    folder = new WorkFolder();
    data = new byte[dataBytes];
    wal =
        Wal.create(
            LocalDisk.INSTANCE,
            folder.resolve("wal"),
            new WalMetadata(1, 2),
            WalOptions.defaults());
    index = 0;
    bare = LocalDisk.INSTANCE.open(folder.resolve("bare"), Disk.Mode.CREATE_NEW);
    bare.setLength(BARE_BYTES);
    bare.sync();
    bareOffset = 0;
  }

  /** Removes them. */
  @TearDown(Level.Iteration)
  public void close() {
    wal.close();
    bare.close();
    folder.close();
  }

  private void append() {
    long mark;
    synchronized (this) {
      Entry entry = new Entry(EntryType.NORMAL, 1, ++index, data);
      mark = wal.append(HardState.EMPTY, List.of(entry));
    }
    wal.sync(mark);
  }

  /** One appender. */
  @Benchmark
  public void walBy1() {
    append();
  }

  /** Sixteen, which share syncs. */
  @Benchmark
  @Threads(16)
  public void walBy16() {
    append();
  }

  /** What the disk gives one writer. */
  @Benchmark
  public void bareBy1() {
    bare.write(bareOffset, ByteBuffer.wrap(data));
    bare.sync();
    bareOffset = (bareOffset + dataBytes) % (BARE_BYTES - dataBytes);
  }
}
