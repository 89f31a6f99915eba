package dev.cairn.snapshot;

import dev.cairn.bbolt.BoltChecker;
import dev.cairn.bbolt.BoltFile;
import dev.cairn.bbolt.BoltReport;
import dev.cairn.io.Disk;
import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import java.nio.file.Path;
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

  @Override
  public CheckReport check() {
    try (BoltFile image = open()) {
      BoltReport report = BoltChecker.check(image);
      return new CheckReport(report.findings(), report.bucketCount(), report.entryCount());
    }
  }

  @Override
  public Optional<Engine> installer() {
    return Optional.empty();
  }
}
