package dev.cairn.wal;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import java.nio.file.Path;

/** The segment that is being written. One thread at a time, but for {@link #sync}. */
final class SegmentTail implements AutoCloseable {
  private final DiskFile file;
  private final RecordWriter records;

  private SegmentTail(DiskFile file, long offset, int crc) {
    this.file = file;
    this.records = new RecordWriter(file, offset, crc);
  }

  /** An empty file that is to become a segment, preallocated. */
  static SegmentTail create(Disk disk, Path path, long segmentBytes, int crc) {
    DiskFile file = disk.open(path, Disk.Mode.CREATE_NEW);
    try {
      file.setLength(segmentBytes);
      return new SegmentTail(file, 0, crc);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /**
   * Goes on where a log ends. What a lost write has left behind that is wiped, durably: a record
   * written half over it would look like damage. A file of an odd length is made even: what its
   * records do not fill would look like half a length.
   */
  static SegmentTail reopen(Disk disk, WalEnd end, long segmentBytes) {
    DiskFile file = disk.open(end.segment(), Disk.Mode.READ_WRITE);
    try {
      long foundBytes = file.sizeBytes();
      long lengthBytes = Math.max(segmentBytes, foundBytes + WalFormat.padBytes(foundBytes));
      file.setLength(end.offsetBytes());
      file.setLength(lengthBytes);
      file.sync();
      return new SegmentTail(file, end.offsetBytes(), end.crc());
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /** The same under its new name, which later failures are to tell; everything is flushed. */
  SegmentTail renamed(Disk disk, Path path) {
    SegmentTail again =
        new SegmentTail(disk.open(path, Disk.Mode.READ_WRITE), records.endBytes(), records.crc());
    close();
    return again;
  }

  void write(RecordType type, byte[] data) {
    records.write(type, data);
  }

  void flush() {
    records.flush();
  }

  /** What was flushed is durable on return. From any thread. */
  void sync() {
    file.sync();
  }

  /** Ends it behind its last record, durably. */
  void finish() {
    records.flush();
    file.setLength(records.endBytes());
    file.sync();
  }

  /** How far the file is written; what is buffered does not count. */
  long writtenBytes() {
    return records.writtenBytes();
  }

  int crc() {
    return records.crc();
  }

  @Override
  public void close() {
    file.close();
  }
}
