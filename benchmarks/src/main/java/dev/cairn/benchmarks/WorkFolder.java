package dev.cairn.benchmarks;

import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import java.nio.file.Path;

/** A folder of a benchmark's own, below the one for temporary files; gone when it is closed. */
final class WorkFolder implements AutoCloseable {
  private static final Disk DISK = LocalDisk.INSTANCE;

  private final Path root;

  WorkFolder() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    root =
        temporary.resolve("cairn-benchmark-" + ProcessHandle.current().pid() + System.nanoTime());
    DISK.createDirectory(root);
  }

  Path resolve(String name) {
    return root.resolve(name);
  }

  @Override
  public void close() {
    delete(root);
  }

  private static void delete(Path path) {
    if (DISK.isDirectory(path)) {
      DISK.list(path).forEach(WorkFolder::delete);
    }
    DISK.delete(path);
  }
}
