package dev.cairn.wal;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.DiskLock;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is done to a log that is not open: looking at it, repairing, purging. */
final class LogFiles {
  private static final int COPY_BYTES = 1 << 16;
  private static final byte[] ZEROS = new byte[COPY_BYTES];

  private LogFiles() {}

  /** The segments from the last one on that begins at or before a snapshot. */
  static List<Path> from(Disk disk, Path directory, SnapshotNote from) {
    List<Path> all = SegmentName.list(disk, directory);
    for (int i = all.size() - 1; i >= 0; i--) {
      long index = SegmentName.of(all.get(i)).orElseThrow().index();
      if (Long.compareUnsigned(index, from.index()) <= 0) {
        return all.subList(i, all.size());
      }
    }
    throw StorageException.of(
        Code.NOT_FOUND,
        directory,
        "wal: file not found which matches the snapshot index '%s'"
            .formatted(Long.toUnsignedString(from.index())));
  }

  static WalContent read(Disk disk, Path directory, SnapshotNote from, Replay replay) {
    try (WalReader reader = WalReader.open(disk, from(disk, directory, from))) {
      WalContent content = replay.read(reader);
      replay.requireSnapshot(content);
      return content;
    }
  }

  static List<SnapshotNote> validSnapshots(Disk disk, Path directory) {
    List<SnapshotNote> notes = new ArrayList<>();
    HardState state = HardState.EMPTY;
    try (WalReader reader = WalReader.open(disk, SegmentName.list(disk, directory))) {
      for (WalRecord record = reader.next(); record != null; record = reader.next()) {
        if (record.type() == RecordType.SNAPSHOT) {
          notes.add(record.snapshot());
        } else if (record.type() == RecordType.STATE) {
          state = record.hardState();
        }
      }
    }
    long commit = state.commit();
    notes.removeIf(note -> Long.compareUnsigned(note.index(), commit) > 0);
    return List.copyOf(notes);
  }

  static boolean repair(Disk disk, Path directory) {
    List<Path> all = SegmentName.list(disk, directory);
    Path last = all.get(all.size() - 1);
    DiskLock lock = disk.lock(last, false);
    try {
      Optional<WalEnd> torn = end(disk, last).filter(WalEnd::torn);
      torn.ifPresent(end -> cutOff(disk, directory, end));
      return torn.isPresent();
    } finally {
      lock.close();
    }
  }

  private static Optional<WalEnd> end(Disk disk, Path segment) {
    try (WalReader reader = WalReader.open(disk, List.of(segment))) {
      while (reader.next() != null) {
        // Only where it ends is of interest.
      }
      return reader.end();
    }
  }

  private static void cutOff(Disk disk, Path directory, WalEnd end) {
    try (DiskFile file = disk.open(end.segment(), Disk.Mode.READ_WRITE)) {
      copy(disk, file, end.segment().resolveSibling(end.segment().getFileName() + ".broken"));
      disk.syncDirectory(directory);
      file.setLength(end.offsetBytes());
      file.sync();
    }
  }

  /** With holes where there are zeros: most of a segment is preallocated and unused. */
  private static void copy(Disk disk, DiskFile from, Path to) {
    try (DiskFile copy = disk.open(to, Disk.Mode.CREATE)) {
      copy.setLength(0);
      long sizeBytes = from.sizeBytes();
      copy.setLength(sizeBytes);
      ByteBuffer piece = ByteBuffer.allocate(COPY_BYTES);
      for (long at = 0; at < sizeBytes; at += COPY_BYTES) {
        piece.clear().limit((int) Math.min(COPY_BYTES, sizeBytes - at));
        from.readFully(at, piece);
        piece.flip();
        if (!piece.equals(ByteBuffer.wrap(ZEROS, 0, piece.limit()))) {
          copy.write(at, piece);
        }
      }
      copy.sync();
    }
  }

  /** Oldest first, each durably before the next: a gap in the middle could not be read over. */
  static List<Path> purge(Disk disk, Path directory, int kept) {
    if (kept < 1) {
      throw new IllegalArgumentException("a log of " + kept + " segments");
    }
    List<Path> all = SegmentName.list(disk, directory);
    List<Path> purged = new ArrayList<>();
    for (Path segment : all.subList(0, Math.max(0, all.size() - kept))) {
      if (!deleted(disk, segment)) {
        break;
      }
      disk.syncDirectory(directory);
      purged.add(segment);
    }
    return List.copyOf(purged);
  }

  private static boolean deleted(Disk disk, Path segment) {
    DiskLock lock;
    try {
      lock = disk.lock(segment, false);
    } catch (StorageException held) {
      if (held.code() == Code.LOCKED) {
        return false;
      }
      throw held;
    }
    try {
      disk.delete(segment);
      return true;
    } finally {
      lock.close();
    }
  }
}
