package dev.cairn.engine.mapdb;

import java.nio.file.Path;

/** A version that views and snapshots hold; those of one version share it. */
final class Pinned implements Pages {
  private final Versions versions;
  private final long version;
  private final long count;

  /** Under the monitor of the versions. */
  int holders;

  Pinned(Versions versions, long version, long count) {
    this.versions = versions;
    this.version = version;
    this.count = count;
  }

  long version() {
    return version;
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public byte[] read(long page) {
    if (page < 0 || page >= count) {
      throw corrupt(page, "there is no page " + page);
    }
    return versions.read(page, version);
  }

  @Override
  public Path path() {
    return versions.path();
  }

  void release() {
    versions.unpin(this);
  }
}
