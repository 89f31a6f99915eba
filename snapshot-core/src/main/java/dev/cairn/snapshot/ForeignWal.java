package dev.cairn.snapshot;

import dev.cairn.io.Disk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.Deque;

/**
 * A WAL directory outside the data directory. It may be on another file system, so it is staged
 * beside its place and renamed there before {@code member} is: a WAL without a member is nothing.
 */
final class ForeignWal {
  private final Disk disk;
  private final Path place;
  private final Path staging;

  ForeignWal(Disk disk, Path place, String id) {
    this.disk = disk;
    this.place = place.toAbsolutePath().normalize();
    this.staging = this.place.resolveSibling(DataDirectory.STAGING_PREFIX + id);
  }

  /** Refuses a place that is taken. */
  static void checkFree(Disk disk, Path place) {
    if (disk.exists(place)) {
      throw StorageException.of(Code.EXISTS, "wal-dir \"%s\" exists".formatted(place));
    }
  }

  /** Makes the staging folder, and the parents that are missing. */
  void create(Deque<Path> made) {
    Directories.create(disk, place.getParent(), made);
    disk.createDirectory(staging);
  }

  Path staging() {
    return staging;
  }

  /** Puts it into its place; what is in it is durable already, names included. */
  void publish() {
    disk.rename(staging, place);
    disk.syncDirectory(place.getParent());
  }

  /** Takes it back from its place, where a run put it that did not come to its end. */
  void withdraw() {
    if (disk.exists(place) && !disk.exists(staging)) {
      disk.rename(place, staging);
      disk.syncDirectory(place.getParent());
    }
  }

  /** Takes the staging folder away, durably, so that the plan that tells of it may go. */
  void delete() {
    if (disk.exists(staging)) {
      Directories.deleteTree(disk, staging);
      disk.syncDirectory(place.getParent());
    }
  }
}
