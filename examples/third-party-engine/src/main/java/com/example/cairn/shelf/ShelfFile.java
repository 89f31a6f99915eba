package com.example.cairn.shelf;

import com.example.cairn.shelf.Head.Kind;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import java.nio.file.Path;

/**
 * One immutable file, open to read: it can be read on when its name is gone.
 *
 * @param file closed by who made this
 * @param head its first bytes
 * @param sizeBytes how long it is, without what may follow an image
 */
record ShelfFile(DiskFile file, Head head, long sizeBytes) implements AutoCloseable {
  static ShelfFile open(Disk disk, Path path, Kind kind) {
    DiskFile file = disk.open(path, Disk.Mode.READ);
    try {
      return new ShelfFile(file, Head.read(file, kind), file.sizeBytes());
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
