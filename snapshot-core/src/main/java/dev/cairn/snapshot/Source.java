package dev.cairn.snapshot;

import dev.cairn.io.Disk;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.file.Path;

/** A snapshot or store file on its way into another store: proven first, then read as it is. */
final class Source {
  private final SnapshotFile file;
  private final boolean dropSequences;
  private final Progress progress;
  private Content content;

  Source(SnapshotFile file, boolean dropSequences, Progress progress) {
    this.file = file;
    this.dropSequences = dropSequences;
    this.progress = progress;
  }

  /**
   * Reads everything once, so that nothing is created for a source that cannot be read to its end
   * or does not fit.
   */
  Content examine(StoreFormat target) {
    try (ReadView view = openView()) {
      content = Content.of(view, target.builder().limits(), target.name());
    } catch (StorageException e) {
      throw e.file().isPresent() ? e : StorageException.of(e.code(), path(), e.getMessage(), e);
    }
    return content;
  }

  /** Compares what was built with what was read. */
  void checkSame(Content built, String target) {
    if (!built.hash().equals(content.hash())) {
      throw StorageException.of(
          Code.CORRUPT,
          file.path(),
          "has content %s but the %s store made of it has %s; report this"
              .formatted(content.hash(), target, built.hash()));
    }
  }

  ReadView openView() {
    return file.openView(dropSequences);
  }

  boolean dropsSequences() {
    return dropSequences;
  }

  Content content() {
    return content;
  }

  SnapshotFile file() {
    return file;
  }

  ImageFormat format() {
    return file.imageFormat();
  }

  Disk disk() {
    return file.disk();
  }

  Progress progress() {
    return progress;
  }

  private Path path() {
    return file.path();
  }
}
