package dev.cairn.benchmarks.wal;

import dev.cairn.benchmarks.WorkFolder;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.LocalDisk;
import dev.cairn.wal.Entry;
import dev.cairn.wal.EntryType;
import dev.cairn.wal.HardState;
import dev.cairn.wal.SnapshotNote;
import dev.cairn.wal.Wal;
import dev.cairn.wal.WalMetadata;
import dev.cairn.wal.WalOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A log read from its beginning, beside a plain CRC-32C of its files' bytes. */
@State(Scope.Benchmark)
public class WalReplay {
  private static final Disk DISK = LocalDisk.INSTANCE;
  private static final int BATCH = 1_000;

  /** Bytes of an entry's data. */
  @Param("1024")
  public int dataBytes;

  /** How long the log is. */
  @Param("48")
  public int logMebibytes;

  private WorkFolder folder;
  private Path directory;
  private long writtenBytes;

  /** Bytes of records that were read. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Read {
    /** For the report. */
    public long bytes;
  }

  /** Writes the log. */
  @Setup(Level.Trial)
  public void write() {
    folder = new WorkFolder();
    directory = folder.resolve("wal");
    long count = ((long) logMebibytes << 20) / dataBytes;
    try (Wal wal = Wal.create(DISK, directory, new WalMetadata(1, 2), WalOptions.defaults())) {
      for (long index = 1; index <= count; index += BATCH) {
        wal.append(HardState.EMPTY, entries(index, Math.min(count, index + BATCH - 1)));
      }
    }
    writtenBytes = count * dataBytes;
  }

  private List<Entry> entries(long from, long to) {
    List<Entry> entries = new ArrayList<>();
    for (long index = from; index <= to; index++) {
      entries.add(new Entry(EntryType.NORMAL, 1, index, new byte[dataBytes]));
    }
    return entries;
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void remove() {
    folder.close();
  }

  /** Every record checked and decoded, none kept. */
  @Benchmark
  public long replay(Read read) {
    long[] seen = {0};
    Wal.read(DISK, directory, SnapshotNote.NONE, entry -> seen[0] += entry.index());
    read.bytes += writtenBytes;
    return seen[0];
  }

  /** The checksum alone, over as many bytes of the first file. */
  @Benchmark
  public long crcOfTheFile(Read read) {
    CRC32C crc = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
    try (DiskFile file = DISK.open(DISK.list(directory).get(0), Disk.Mode.READ)) {
      for (long at = 0; at < writtenBytes; at += buffer.capacity()) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), writtenBytes - at));
        file.readFully(at, buffer);
        crc.update(buffer.flip());
      }
    }
    read.bytes += writtenBytes;
    return crc.getValue();
  }
}
