package dev.cairn.wal;

import dev.cairn.io.Disk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.List;

/**
 * A log that is locked to be written, and still to be read.
 *
 * @param disk where
 * @param from behind which snapshot
 * @param paths of its segments from there on
 * @param segments their locks
 */
record UnreadLog(Disk disk, SnapshotNote from, List<Path> paths, LockedSegments segments)
    implements AutoCloseable {
  static UnreadLog lock(Disk disk, Path directory, SnapshotNote from) {
    List<Path> paths = LogFiles.from(disk, directory, from);
    LockedSegments segments = LockedSegments.of(disk, paths);
    try {
      if (!paths.equals(LogFiles.from(disk, directory, from))) {
        throw StorageException.of(
            Code.LOCKED, directory, "another process was writing this log; stop that one first");
      }
      return new UnreadLog(disk, from, paths, segments);
    } catch (RuntimeException | Error e) {
      segments.close();
      throw e;
    }
  }

  /** All of it; refuses what could not be gone on with. Changes nothing. */
  WalContent read(Replay replay) {
    try (WalReader reader = WalReader.open(disk, paths)) {
      WalContent content = replay.read(reader);
      WalEnd end = content.end();
      if (end.torn()) {
        throw StorageException.corrupt(
            end.segment(),
            end.offsetBytes(),
            "unexpected EOF: the last record is cut off, as a loss of power leaves it; repair it");
      }
      replay.requireSnapshot(content);
      return content;
    }
  }

  @Override
  public void close() {
    segments.close();
  }
}
