package dev.cairn.raft;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.Engine;
import dev.cairn.spi.Engines;
import java.nio.file.Path;

/** What engines have in a directory. */
final class DatabaseFiles {
  private DatabaseFiles() {}

  /** Of a store that is closed: what stands beside it says nothing any more. */
  static void deleteSidecars(Disk disk, Engine engine, Path store) {
    for (Path each : engine.files(store)) {
      if (!each.equals(store)) {
        disk.delete(each);
      }
    }
  }

  /** Whose file it is: the preferred one's unless that one does not know it and another does. */
  static Engine engineOf(Disk disk, Path file, Engine preferred) {
    if (!disk.exists(file)) {
      return preferred;
    }
    try (DiskFile head = disk.open(file, Disk.Mode.READ)) {
      return preferred.recognizes(head) ? preferred : Engines.recognizing(head).orElse(preferred);
    }
  }
}
