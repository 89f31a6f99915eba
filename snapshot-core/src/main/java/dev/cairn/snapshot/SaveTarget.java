package dev.cairn.snapshot;

import dev.cairn.io.AtomicFile;
import dev.cairn.io.Disk;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/** The checks around a file that is to appear whole: before the first byte and before the last. */
final class SaveTarget {
  private final Disk disk;
  private final Path file;
  private final boolean clobber;

  SaveTarget(Disk disk, Path file, boolean clobber) {
    this.disk = disk;
    this.file = file.toAbsolutePath();
    this.clobber = clobber;
  }

  /** Starts the file, after everything that can be told without it. */
  AtomicFile create() {
    if (disk.isDirectory(file)) {
      throw StorageException.of(Code.EXISTS, file, "is a directory; name a file");
    }
    AtomicFile part = clobber ? AtomicFile.create(disk, file) : AtomicFile.createNew(disk, file);
    return part.uncached();
  }

  /** Told before the first byte is written, for a disk that is filled up hurts others too. */
  void checkFree(long imageBytes) {
    long neededBytes = imageBytes + Sha256.SIZE_BYTES;
    long freeBytes = disk.freeBytes(file.getParent());
    if (neededBytes > freeBytes) {
      throw StorageException.of(
          Code.FULL,
          file,
          "needs %d bytes and the disk has %d left; make room".formatted(neededBytes, freeBytes));
    }
  }

  /** Writes the hash behind the image and gives the file its name. */
  static void publish(AtomicFile part, Received received) {
    try {
      part.write(ByteBuffer.wrap(received.hash()));
    } catch (ClosedChannelException e) {
      throw new UncheckedIOException(e);
    }
    part.commit();
  }
}
