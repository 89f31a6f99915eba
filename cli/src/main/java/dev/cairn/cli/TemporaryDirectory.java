package dev.cairn.cli;

import dev.cairn.io.Disk;
import dev.cairn.io.LocalDisk;
import dev.cairn.spi.StorageException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/** A directory that goes with all that is in it when it is closed. */
final class TemporaryDirectory implements AutoCloseable {
  private static final int ID_BYTES = 6;
  private static final int TRIES_MAX = 3;

  private final Disk disk = LocalDisk.INSTANCE;
  private final Path path;

  TemporaryDirectory(String prefix) {
    byte[] id = new byte[ID_BYTES];
    new SecureRandom().nextBytes(id);
    path = Path.of(System.getProperty("java.io.tmpdir"), prefix + HexFormat.of().formatHex(id));
    disk.createDirectory(path);
  }

  Path path() {
    return path;
  }

  /** Deletes it; a few times, as a process that is being stopped may still make a file. */
  @Override
  public void close() {
    for (int tries = 1; disk.exists(path); tries++) {
      try {
        deleteTree(path);
      } catch (StorageException busy) {
        if (tries == TRIES_MAX) {
          throw busy;
        }
      }
    }
  }

  private void deleteTree(Path root) {
    if (disk.isDirectory(root)) {
      disk.list(root).forEach(this::deleteTree);
    }
    disk.delete(root);
  }
}
