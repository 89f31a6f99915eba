package dev.cairn.wal;

import dev.cairn.io.Disk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.List;

/** Makes the directory of a log: beside its place first, then in it at once. */
final class NewLog {
  private NewLog() {}

  /** An empty directory beside the place, which must be free or empty. */
  static Path stage(Disk disk, Path directory) {
    checkFree(disk, directory);
    Path staging = directory.resolveSibling(directory.getFileName() + ".tmp");
    if (disk.exists(staging)) {
      List<Path> left = disk.isDirectory(staging) ? disk.list(staging) : List.of();
      left.forEach(disk::delete);
      disk.delete(staging);
    }
    disk.createDirectory(staging);
    return staging;
  }

  private static void checkFree(Disk disk, Path directory) {
    if (!disk.exists(directory)) {
      return;
    }
    List<Path> files = disk.list(directory);
    if (files.stream().anyMatch(each -> SegmentName.of(each).isPresent())) {
      throw StorageException.of(
          Code.EXISTS, directory, "file already exists: a log is there; open that one");
    }
    if (!files.isEmpty()) {
      throw StorageException.of(
          Code.EXISTS, directory, "is not empty; a log needs a directory of its own");
    }
  }

  /** Puts it into its place, durably; the files in it are durable already, but not their names. */
  static void publish(Disk disk, Path staging, Path directory) {
    disk.syncDirectory(staging);
    disk.rename(staging, directory);
    disk.syncDirectory(directory.toAbsolutePath().getParent());
  }
}
