package dev.cairn.engine.mapdb;

import dev.cairn.engine.support.Identity;
import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The files that may stand beside a store's main file, each with the store's identity in it. */
final class Sidecars {
  private Sidecars() {}

  static Path journal(Path store) {
    return store.resolveSibling(store.getFileName() + ".jnl");
  }

  static Path spill(Path store) {
    return store.resolveSibling(store.getFileName() + ".undo");
  }

  static List<Path> files(Path store) {
    return List.of(spill(store), journal(store), store);
  }

  /**
   * Deletes a sidecar unless it is another store's by now, which has taken this one's name.
   *
   * @param identityAt where the identity stands in it
   */
  static void deleteOwn(Disk disk, Path sidecar, long identityAt, Identity identity) {
    if (!disk.exists(sidecar)) {
      return;
    }
    byte[] found = new byte[Identity.SIZE_BYTES];
    try (DiskFile file = disk.open(sidecar, Disk.Mode.READ)) {
      file.read(identityAt, ByteBuffer.wrap(found));
    }
    if (Arrays.equals(found, identity.encode())) {
      disk.delete(sidecar);
    }
  }
}
