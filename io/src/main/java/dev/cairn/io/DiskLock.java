package dev.cairn.io;

import java.nio.file.Path;

/** A lock on a file, held until closed; it follows the file when that is renamed. */
public interface DiskLock extends AutoCloseable {
  /**
   * Which file.
   *
   * @return the path it was locked by
   */
  Path path();

  /** Lets the lock go. Idempotent, from any thread. */
  @Override
  void close();
}
