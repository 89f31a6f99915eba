package dev.cairn.raft;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.Engine;
import dev.cairn.spi.HeadReader;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * An image that came with a snapshot, {@code .snap.db}, on its way to become a store.
 *
 * <p>It is copied, not renamed as etcd does: an engine's image need not be a store (it has no
 * identity, and MapDB's has other pages), opening a file for writing may change it, and until the
 * swap is durable the image as it came is what a start would finish from.
 */
final class ReceivedDatabase {
  private ReceivedDatabase() {}

  /**
   * Makes a store of an image, durable and closed when this returns.
   *
   * @param image left as it is
   * @param store must not exist
   * @return the engine of both
   * @throws StorageException {@code not-found} without the image; {@code corrupt} for one that is
   *     of no engine, or damaged; else as {@link Engine#install}
   */
  static Engine install(
      Disk disk, Path image, Path store, Function<HeadReader, Optional<Engine>> engines) {
    try (DiskFile file = disk.open(image, Disk.Mode.READ)) {
      Engine engine =
          recognize(file, engines)
              .orElseThrow(
                  () ->
                      StorageException.of(
                          Code.CORRUPT, image, "is no image of an engine on the class path"));
      engine.install(new ImageInput(file), file.sizeBytes(), store);
      return engine;
    }
  }

  private static Optional<Engine> recognize(
      DiskFile file, Function<HeadReader, Optional<Engine>> engines) {
    try {
      return engines.apply(file);
    } catch (StorageException e) {
      throw e.file().isPresent()
          ? e
          : StorageException.of(e.code(), file.path(), e.getMessage(), e);
    }
  }
}
