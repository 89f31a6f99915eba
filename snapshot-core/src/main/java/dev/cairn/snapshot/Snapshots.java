package dev.cairn.snapshot;

import dev.cairn.io.AtomicFile;
import dev.cairn.spi.Snapshot;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import dev.cairn.store.Store;
import dev.cairn.store.StoreSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Saves snapshots as files: online, hashed while they are written, and there whole or not at all.
 */
public final class Snapshots {
  private Snapshots() {}

  /**
   * Saves a store's native image of this moment; updates go on meanwhile. A file that is there
   * already is replaced once the new one is whole.
   *
   * @param store stays open
   * @param target the file to make; its directory exists
   * @return the saved file
   * @throws StorageException {@code full}, {@code io}, {@code not-found} without a directory,
   *     {@code expired}, or a failure of the store; the target is then as it was
   */
  public static SnapshotFile save(Store store, Path target) {
    StoreSnapshot snapshot = store.snapshot();
    try {
      return save(snapshot.image(), target, SaveOptions.defaults());
    } finally {
      Closing.quietly(snapshot, "closing the snapshot saved as " + target);
    }
  }

  /**
   * Saves an image.
   *
   * @param image what to save; written out by this call, closed by the caller
   * @param target the file to make; its directory exists
   * @param options how
   * @return the saved file
   * @throws StorageException {@code exists} for a target that is not to be replaced; {@code full},
   *     {@code io}, {@code not-found} without a directory, {@code expired}, or a failure of the
   *     engine; the target is then as it was
   */
  public static SnapshotFile save(Snapshot image, Path target, SaveOptions options) {
    SaveTarget checks = new SaveTarget(options.disk(), target, options.clobber());
    try (AtomicFile part = checks.create()) {
      checks.checkFree(image.size());
      HashingChannel out = new HashingChannel(part, image.size(), options.progress());
      image.writeTo(out);
      Received written = out.received();
      checkWhole(written, image.size(), target);
      SaveTarget.publish(part, written);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return SnapshotFile.saved(options.disk(), target);
  }

  private static void checkWhole(Received written, long sizeBytes, Path target) {
    if (written.imageBytes() != sizeBytes) {
      throw StorageException.of(
          Code.CORRUPT,
          target,
          "is not saved: the image has %d bytes and announced %d"
              .formatted(written.imageBytes(), sizeBytes));
    }
  }
}
