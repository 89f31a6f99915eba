package dev.cairn.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What the system knows an open file by: one descriptor to read and write with, and to sync with
 * another one where it is writable, as the first has no sync that an interrupt leaves alone.
 */
final class LocalDescriptor implements Closeable {
  private final RandomAccessFile file;
  private final AsynchronousFileChannel syncer;

  private LocalDescriptor(RandomAccessFile file, AsynchronousFileChannel syncer) {
    this.file = file;
    this.syncer = syncer;
  }

  static LocalDescriptor toRead(Path path) throws IOException {
    return new LocalDescriptor(new RandomAccessFile(path.toFile(), "r"), null);
  }

  /**
   * The syncing descriptor is opened first: before any write, so that it hears of every failed one,
   * and because it never makes an absent file, as the other one would.
   */
  static LocalDescriptor toWrite(Path path, LockRegistry locks, Object key) throws IOException {
    AsynchronousFileChannel syncer = AsynchronousFileChannel.open(path, StandardOpenOption.WRITE);
    try {
      return new LocalDescriptor(new RandomAccessFile(path.toFile(), "rw"), syncer);
    } catch (IOException e) {
      locks.close(key, syncer);
      throw e;
    }
  }

  RandomAccessFile file() {
    return file;
  }

  boolean isWritable() {
    return syncer != null;
  }

  void sync() throws IOException {
    syncer.force(false);
  }

  @Override
  public void close() throws IOException {
    try {
      file.close();
    } finally {
      if (syncer != null) {
        syncer.close();
      }
    }
  }
}
