package dev.cairn.wal;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.DiskLock;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a log of one segment, preallocated and locked as etcd's are. What is appended is durable
 * after {@link #sync()}, and not before. One thread at a time.
 *
 * <p>After a failure of the disk nothing more is written: every further call throws.
 */
public final class WalWriter implements AutoCloseable {
  private final Disk disk;
  private final Path directory;
  private final DiskLock lock;
  private final DiskFile file;
  private final RecordWriter records;
  private boolean named;
  private boolean failed;

  private WalWriter(Disk disk, Path directory, DiskLock lock, DiskFile file) {
    this.disk = disk;
    this.directory = directory;
    this.lock = lock;
    this.file = file;
    this.records = new RecordWriter(file, 0, 0);
  }

  /**
   * Begins a log: a first segment with its CRC, its metadata and the note that there is no
   * snapshot.
   *
   * @param disk where
   * @param directory an existing directory, for this log alone
   * @param metadata whose log it is
   * @return to be closed by the caller; nothing is durable yet
   * @throws StorageException {@code exists} when there is a first segment; else as the disk's calls
   */
  public static WalWriter create(Disk disk, Path directory, WalMetadata metadata) {
    Path segment = directory.resolve(new SegmentName(0, 0).fileName());
    disk.open(segment, Disk.Mode.CREATE_NEW).close();
    DiskLock lock = disk.lock(segment, false);
    try {
      WalWriter writer =
          new WalWriter(disk, directory, lock, disk.open(segment, Disk.Mode.READ_WRITE));
      writer.begin(metadata);
      return writer;
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  private void begin(WalMetadata metadata) {
    try {
      file.setLength(WalFormat.SEGMENT_BYTES);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
    append(RecordType.CRC, new byte[0]);
    append(RecordType.METADATA, metadata.encode());
    append(SnapshotNote.NONE);
  }

  /**
   * Appends entries and, behind them, a hard state.
   *
   * @param entries in order; may be empty
   * @param state not written when it is {@link HardState#EMPTY}
   * @throws StorageException {@code limit} when the segment has no room for all of it; what came
   *     before that stays appended; else as the disk's calls
   */
  public void append(List<Entry> entries, HardState state) {
    for (Entry entry : entries) {
      append(RecordType.ENTRY, entry.encode());
    }
    if (!state.equals(HardState.EMPTY)) {
      append(RecordType.STATE, state.encode());
    }
  }

  /**
   * Appends the note that a snapshot was written, which must be durable by then.
   *
   * @param snapshot of which one
   * @throws StorageException {@code limit} when the segment has no room for it; else as the disk's
   *     calls
   */
  public void append(SnapshotNote snapshot) {
    append(RecordType.SNAPSHOT, snapshot.encode());
  }

  private void append(RecordType type, byte[] data) {
    checkUsable();
    if (sizeBytes() + RecordWriter.frameBytesMax(data.length) > WalFormat.SEGMENT_BYTES) {
      throw StorageException.of(
          Code.LIMIT,
          file.path(),
          "a segment of %d bytes has no room for a record of %d"
              .formatted(WalFormat.SEGMENT_BYTES, data.length));
    }
    guarded(() -> records.write(type, data));
  }

  /**
   * Makes everything appended durable, and the segment's name with it.
   *
   * @throws StorageException {@code io} or {@code full}: nothing is known of what was appended
   *     since the last time
   */
  public void sync() {
    checkUsable();
    guarded(records::flush);
    guarded(file::sync);
    if (!named) {
      guarded(() -> disk.syncDirectory(directory));
      named = true;
    }
  }

  private void guarded(Runnable step) {
    failed = true;
    step.run();
    failed = false;
  }

  private void checkUsable() {
    if (failed) {
      throw StorageException.of(
          Code.IO, file.path(), "a write or sync has failed before; read the log to go on");
    }
  }

  /**
   * How long the records are that were appended so far.
   *
   * @return where the next one goes, in bytes from the segment's beginning
   */
  public long sizeBytes() {
    return records.endBytes();
  }

  /** Gives the lock back; writes and syncs nothing. Idempotent. */
  @Override
  public void close() {
    file.close();
    lock.close();
  }
}
