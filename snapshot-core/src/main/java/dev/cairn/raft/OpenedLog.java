package dev.cairn.raft;

import dev.cairn.io.Disk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.wal.SnapshotNote;
import dev.cairn.wal.Wal;
import dev.cairn.wal.WalContent;
import dev.cairn.wal.WalOptions;
import java.nio.file.Path;

/**
 * A log that was read and can be written.
 *
 * @param wal to be closed
 * @param content behind the snapshot that it was opened at
 * @param repaired whether half a record was cut off its end
 */
record OpenedLog(Wal wal, WalContent content, boolean repaired) {
  /** Opens it, and cuts off half a record once. */
  static OpenedLog open(Disk disk, Path directory, SnapshotNote from, WalOptions options) {
    try {
      return read(disk, directory, from, options, false);
    } catch (StorageException e) {
      if (e.code() != Code.CORRUPT || !Wal.repair(disk, directory)) {
        throw e;
      }
    }
    return read(disk, directory, from, options, true);
  }

  private static OpenedLog read(
      Disk disk, Path directory, SnapshotNote from, WalOptions options, boolean repaired) {
    Wal wal = Wal.open(disk, directory, from, options);
    try {
      return new OpenedLog(wal, wal.readAll(), repaired);
    } catch (RuntimeException | Error e) {
      wal.close();
      throw e;
    }
  }
}
