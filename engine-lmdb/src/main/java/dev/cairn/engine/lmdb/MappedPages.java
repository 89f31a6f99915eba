package dev.cairn.engine.lmdb;

import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Pages as they lie in LMDB's map. Growing moves the map, so whoever looks at it enters, and
 * growing takes {@link #moving()}.
 */
final class MappedPages implements PageSource {
  private final DiskFile file;
  private final int pageSizeBytes;
  private final NativeMemory memory;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private long address;
  private volatile long fileBytes;

  MappedPages(DiskFile file, int pageSizeBytes, NativeMemory memory) {
    this.file = file;
    this.pageSizeBytes = pageSizeBytes;
    this.memory = memory;
  }

  @Override
  public void enter() {
    lock.readLock().lock();
  }

  @Override
  public void exit() {
    lock.readLock().unlock();
  }

  /** Held while the map moves. */
  Lock moving() {
    return lock.writeLock();
  }

  /** Says where the map is now, or with 0 that it is nowhere; under {@link #moving()}. */
  void moved(long newAddress) {
    address = newAddress;
  }

  /**
   * Refuses to go on when the map could not be made larger and is gone; inside.
   *
   * @return where the map is
   */
  long there() {
    if (address == 0) {
      throw StorageException.of(
          Code.IO, path(), "lost its map for want of address space; close it and open it again");
    }
    return address;
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public void read(long atBytes, ByteBuffer into) {
    checkInside(atBytes, into.remaining());
    enter();
    try {
      int at = into.arrayOffset() + into.position();
      memory.read(there() + atBytes, into.array(), at, into.remaining());
    } finally {
      exit();
    }
    into.position(into.limit());
  }

  @Override
  public void show(long atBytes, long number, boolean leaf, Page page) {
    checkInside(atBytes, pageSizeBytes);
    long at = there() + atBytes;
    page.show(memory.window(at), NativeMemory.offset(at), number, leaf);
  }

  /** The map reaches further than the file, and touching it there would kill the process. */
  private void checkInside(long atBytes, int count) {
    if (atBytes <= fileBytes - count) {
      return;
    }
    fileBytes = file.sizeBytes();
    if (atBytes > fileBytes - count) {
      throw StorageException.corrupt(path(), fileBytes, "ends before the bytes from " + atBytes);
    }
  }
}
