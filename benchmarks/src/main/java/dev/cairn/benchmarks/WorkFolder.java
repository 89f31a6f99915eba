package dev.cairn.benchmarks;

import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import java.nio.file.Path;

/** A folder of a benchmark's own, below the one for temporary files; gone when it is closed. */
public final class WorkFolder implements AutoCloseable {
  private static final Disk DISK = LocalDisk.INSTANCE;

  private final Path root;

  /** Makes it. */
  public WorkFolder() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    root =
        temporary.resolve("cairn-benchmark-" + ProcessHandle.current().pid() + System.nanoTime());
    DISK.createDirectory(root);
  }

  /**
   * Where it is.
   *
   * @return an existing folder
   */
  public Path path() {
    return root;
  }

  /**
   * A name in it.
   *
   * @param name of a file that may be there or not
   * @return its path
   */
  public Path resolve(String name) {
    return root.resolve(name);
  }

  @Override
  public void close() {
    delete(root);
  }

  /**
   * Deletes a file or folder with all it holds.
   *
   * @param path what to delete
   */
  public static void delete(Path path) {
    if (DISK.isDirectory(path)) {
      DISK.list(path).forEach(WorkFolder::delete);
    }
    DISK.delete(path);
  }
}
