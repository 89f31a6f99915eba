package dev.cairn.engine.lmdb;

import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Pages that are read from a file as far as it counts. */
final class FilePages implements PageSource {
  private final DiskFile file;
  private final long sizeBytes;

  /**
   * @param sizeBytes how much of the file counts; what lies behind is not looked at
   */
  FilePages(DiskFile file, long sizeBytes) {
    this.file = file;
    this.sizeBytes = sizeBytes;
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public void read(long atBytes, ByteBuffer into) {
    if (atBytes > sizeBytes - into.remaining()) {
      throw StorageException.corrupt(path(), sizeBytes, "ends before the bytes from " + atBytes);
    }
    file.readFully(atBytes, into);
  }

  /** Reads it, unless the page holds it already: a version's pages do not change. */
  @Override
  public void show(long atBytes, long number, boolean leaf, Page page) {
    if (!page.holds(number)) {
      read(atBytes, ByteBuffer.wrap(page.own()));
      page.showOwn(number, leaf);
    }
  }

  @Override
  public void enter() {}

  @Override
  public void exit() {}
}
