package dev.cairn.snapshot;

import dev.cairn.spi.Engine;
import dev.cairn.spi.ReadView;
import dev.cairn.spi.StorageException;
import java.util.Optional;

/** A file saved from an engine that is not on the class path: it can be verified, not read. */
final class UnknownFormat implements ImageFormat {
  private final long contentBytes;
  private final StorageException why;

  UnknownFormat(long contentBytes, StorageException why) {
    this.contentBytes = contentBytes;
    this.why = why;
  }

  @Override
  public String name() {
    return "unknown";
  }

  @Override
  public long imageSizeBytes() {
    return contentBytes;
  }

  @Override
  public ReadView openView(boolean dropSequences) {
    throw why;
  }

  @Override
  public CheckReport check() {
    throw why;
  }

  @Override
  public Optional<Engine> installer() {
    return Optional.empty();
  }
}
