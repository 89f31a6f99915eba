package dev.cairn.snapshot;

import dev.cairn.bbolt.BoltChecker;
import dev.cairn.bbolt.BoltFile;
import dev.cairn.bbolt.BoltReport;
import dev.cairn.io.Disk;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A bbolt file: etcd's image, one of ours, or a database that etcd left. */
final class EtcdFormat implements ImageFormat {
  static final String NAME = "etcd";

  private final Disk disk;
  private final Path file;
  private final long contentBytes;
  private final long imageSizeBytes;

  /** Opens it once, so that damage to its metas or a missing end is told at once. */
  EtcdFormat(Disk disk, Path file, long contentBytes) {
    this.disk = disk;
    this.file = file;
    this.contentBytes = contentBytes;
    try (BoltFile image = open()) {
      imageSizeBytes = image.imageSizeBytes();
    }
  }

  private BoltFile open() {
    return BoltFile.open(disk, file, contentBytes);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public long imageSizeBytes() {
    return imageSizeBytes;
  }

  @Override
  public ReadView openView(boolean dropSequences) {
    BoltFile image = open();
    try {
      return new OwnedView(image.openView(dropSequences), image::close);
    } catch (RuntimeException e) {
      image.close();
      throw e;
    }
  }

  /** The pages first; what stands on them is looked at only when they are sound. */
  @Override
  public CheckReport check() {
    BoltReport pages;
    try (BoltFile image = open()) {
      pages = BoltChecker.check(image);
    }
    if (!pages.sound()) {
      return ofPages(pages, "the pages are damaged, so their content was not checked");
    }
    try (ReadView view = openView(true)) {
      return FullRead.of(view);
    } catch (StorageException e) {
      if (e.code() != StorageException.Code.UNSUPPORTED) {
        throw e;
      }
      return ofPages(pages, "the content was not checked: " + e.getMessage());
    }
  }

  private static CheckReport ofPages(BoltReport pages, String note) {
    return new CheckReport(
        pages.findings(), List.of(note), pages.bucketCount(), pages.entryCount());
  }

  @Override
  public Optional<Engine> installer() {
    return Optional.empty();
  }
}
