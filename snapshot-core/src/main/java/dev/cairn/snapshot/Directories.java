package dev.cairn.snapshot;

import dev.cairn.io.Disk;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Whole trees of directories, made durably and taken away. */
final class Directories {
  private Directories() {}

  /**
   * Makes a directory and every parent that is missing, each durable in its own parent.
   *
   * @param made gets what was made, the deepest first, also when this fails halfway
   */
  static void create(Disk disk, Path directory, Deque<Path> made) {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path at = directory; !disk.exists(at); at = at.getParent()) {
      missing.push(at);
    }
    for (Path each : missing) {
      disk.createDirectory(each);
      made.push(each);
      disk.syncDirectory(each.getParent());
    }
  }

  /** Deletes a file, or a directory with all that is in it; a no-op when absent. */
  static void deleteTree(Disk disk, Path path) {
    if (disk.isDirectory(path)) {
      disk.list(path).forEach(each -> deleteTree(disk, each));
    }
    disk.delete(path);
  }
}
