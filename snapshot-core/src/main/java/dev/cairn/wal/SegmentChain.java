package dev.cairn.wal;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskLock;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.List;

/**
 * The segments of a log that is written: locked, the last one open. One thread at a time. Of no use
 * after a failure, but to be closed.
 */
final class SegmentChain implements AutoCloseable {
  private static final byte[] NO_DATA = {};

  private final Disk disk;
  private final Path directory;
  private final WalOptions options;
  private final WalMetadata metadata;
  private final LockedSegments segments;
  private SegmentTail tail;
  private HardState state;
  private long lastIndex;

  private SegmentChain(
      Disk disk,
      Path directory,
      WalOptions options,
      LockedSegments segments,
      SegmentTail tail,
      WalMetadata metadata,
      HardState state,
      long lastIndex) {
    this.disk = disk;
    this.directory = directory;
    this.options = options;
    this.segments = segments;
    this.tail = tail;
    this.metadata = metadata;
    this.state = state;
    this.lastIndex = lastIndex;
  }

  /** Begins a log; durable on return, and there wholly or not at all. */
  static SegmentChain create(Disk disk, Path directory, WalMetadata metadata, WalOptions options) {
    Path staging = NewLog.stage(disk, directory);
    SegmentName first = new SegmentName(0, 0);
    Path path = staging.resolve(first.fileName());
    LockedSegments segments = new LockedSegments();
    SegmentTail tail = SegmentTail.create(disk, path, options.segmentBytes(), 0);
    try {
      segments.add(first, disk.lock(path, false));
      tail.write(RecordType.CRC, NO_DATA);
      tail.write(RecordType.METADATA, metadata.encode());
      tail.write(RecordType.SNAPSHOT, SnapshotNote.NONE.encode());
      tail.flush();
      tail.sync();
      NewLog.publish(disk, staging, directory);
      tail = tail.renamed(disk, directory.resolve(first.fileName()));
      return new SegmentChain(
          disk, directory, options, segments, tail, metadata, HardState.EMPTY, 0);
    } catch (RuntimeException | Error e) {
      tail.close();
      segments.close();
      throw e;
    }
  }

  /** Goes on with a log that was read to its end; takes the locks over. */
  static SegmentChain resume(
      Disk disk,
      Path directory,
      WalOptions options,
      LockedSegments segments,
      WalContent content,
      long lastIndex) {
    for (Path each : disk.list(directory)) {
      if (isPart(each)) {
        disk.delete(each);
      }
    }
    SegmentTail tail = SegmentTail.reopen(disk, content.end(), options.segmentBytes());
    return new SegmentChain(
        disk,
        directory,
        options,
        segments,
        tail,
        content.metadata(),
        content.hardState(),
        lastIndex);
  }

  /** Whether a save must be durable when it returns: not when only the commit index is new. */
  boolean mustSync(HardState next, List<Entry> entries) {
    boolean elects = next.vote() != state.vote() || next.term() != state.term();
    return !entries.isEmpty() || (elects && !next.equals(HardState.EMPTY));
  }

  /** Refuses what could not be read again. Changes nothing. */
  void check(List<Entry> entries) {
    long last = lastIndex;
    for (Entry entry : entries) {
      if (entry.index() == 0 || Long.compareUnsigned(entry.index(), last + 1) > 0) {
        throw refused(
            "wal: slice bounds out of range: entry %s behind entry %s"
                .formatted(Long.toUnsignedString(entry.index()), Long.toUnsignedString(last)));
      }
      if (RecordWriter.frameBytesMax(entry.data().length) + Entry.HEAD_BYTES_MAX
          > WalFormat.WRITTEN_BODY_BYTES_LIMIT) {
        throw refused(
            "wal: max entry size limit exceeded: an entry of %d bytes"
                .formatted(entry.data().length));
      }
      last = entry.index();
    }
  }

  private StorageException refused(String what) {
    return StorageException.of(Code.LIMIT, directory, what);
  }

  void append(HardState next, List<Entry> entries) {
    for (Entry entry : entries) {
      tail.write(RecordType.ENTRY, entry.encode());
      lastIndex = entry.index();
    }
    if (!next.equals(HardState.EMPTY)) {
      state = next;
      tail.write(RecordType.STATE, next.encode());
    }
  }

  void append(SnapshotNote note) {
    tail.write(RecordType.SNAPSHOT, note.encode());
    if (Long.compareUnsigned(lastIndex, note.index()) < 0) {
      lastIndex = note.index();
    }
  }

  /** Whether the next segment should begin. */
  boolean isFull() {
    return tail.writtenBytes() >= options.segmentBytes();
  }

  /** Makes everything durable and begins the next segment, which is there wholly or not at all. */
  void cut() {
    tail.finish();
    SegmentName next = new SegmentName(segments.last().sequence() + 1, lastIndex + 1);
    Path part = directory.resolve((next.sequence() & 1) + ".tmp");
    disk.delete(part);
    SegmentTail begun = SegmentTail.create(disk, part, options.segmentBytes(), tail.crc());
    try {
      DiskLock lock = disk.lock(part, false);
      segments.add(next, lock);
      writeHead(begun);
      Path path = directory.resolve(next.fileName());
      disk.rename(part, path);
      disk.syncDirectory(directory);
      SegmentTail named = begun.renamed(disk, path);
      tail.close();
      tail = named;
    } catch (RuntimeException | Error e) {
      begun.close();
      throw e;
    }
  }

  private void writeHead(SegmentTail begun) {
    begun.write(RecordType.CRC, NO_DATA);
    begun.write(RecordType.METADATA, metadata.encode());
    if (!state.equals(HardState.EMPTY)) {
      begun.write(RecordType.STATE, state.encode());
    }
    begun.flush();
    begun.sync();
  }

  private static boolean isPart(Path path) {
    String name = path.getFileName().toString();
    return name.equals("0.tmp") || name.equals("1.tmp");
  }

  /** Writes what is buffered, and tells which file is to be synced. */
  SegmentTail flushed() {
    tail.flush();
    return tail;
  }

  void releaseTo(long index) {
    segments.releaseTo(index);
  }

  @Override
  public void close() {
    tail.close();
    segments.close();
  }
}
