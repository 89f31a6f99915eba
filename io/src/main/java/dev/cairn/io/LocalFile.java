package dev.cairn.io;

import com.sun.nio.file.ExtendedOpenOption;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of this machine: plain reads and writes under a monitor, syncs beside it. */
final class LocalFile implements DiskFile {
  /** The JDK copies each call's bytes through native memory of the same size. */
  private static final int CALL_BYTES_MAX = 1 << 18;

  private final Path path;
  private final LockRegistry locks;
  private final Object fileKey;
  private final LocalDescriptor descriptor;
  private final RandomAccessFile file;
  private byte[] copy = new byte[0];

  /** Where the descriptor stands, to spare it a seek where calls follow each other; -1: unknown. */
  private long positionBytes = -1;

  private volatile boolean open = true;

  private LocalFile(Path path, Object fileKey, LocalDescriptor descriptor, LockRegistry locks) {
    this.path = path;
    this.fileKey = fileKey;
    this.descriptor = descriptor;
    this.file = descriptor.file();
    this.locks = locks;
  }

  /** Opens an existing file; one that another process replaces meanwhile is opened once more. */
  static LocalFile open(Path path, boolean writable, LockRegistry locks) throws IOException {
    locks.namesStay().lock();
    try {
      return openNamed(path, writable, locks);
    } finally {
      locks.namesStay().unlock();
    }
  }

  private static LocalFile openNamed(Path path, boolean writable, LockRegistry locks)
      throws IOException {
    while (true) {
      Object key = LockRegistry.fileKey(path);
      LocalDescriptor descriptor = locks.takeIdle(key, writable);
      if (descriptor != null) {
        return new LocalFile(path, key, descriptor, locks);
      }
      descriptor =
          writable ? LocalDescriptor.toWrite(path, locks, key) : LocalDescriptor.toRead(path);
      Object keyNow;
      try {
        keyNow = LockRegistry.fileKey(path);
      } catch (IOException gone) {
        locks.close(key, descriptor);
        throw gone;
      }
      if (key.equals(keyNow)) {
        return new LocalFile(path, key, descriptor, locks);
      }
      locks.closeEither(key, keyNow, descriptor);
    }
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public synchronized long sizeBytes() {
    checkOpen();
    try {
      return file.length();
    } catch (IOException e) {
      throw DiskFailures.of(path, "cannot be looked at", e);
    }
  }

  @Override
  public synchronized int read(long offsetBytes, ByteBuffer into) {
    checkOpen();
    int done = 0;
    try {
      seek(offsetBytes);
      while (into.hasRemaining()) {
        int count = readSome(into);
        if (count < 0) {
          break;
        }
        done += count;
      }
      positionBytes = offsetBytes + done;
      return done;
    } catch (IOException e) {
      // Seeking to where no file of this file system can reach fails; damaged bytes may name it.
      if (offsetBytes >= sizeBytes()) {
        return 0;
      }
      throw DiskFailures.of(path, "cannot be read at byte " + (offsetBytes + done), e);
    }
  }

  /** The position is unknown from here on, until a call has come to its end. */
  private void seek(long offsetBytes) throws IOException {
    long before = positionBytes;
    positionBytes = -1;
    if (before != offsetBytes) {
      file.seek(offsetBytes);
    }
  }

  private int readSome(ByteBuffer into) throws IOException {
    int wanted = Math.min(CALL_BYTES_MAX, into.remaining());
    if (into.hasArray()) {
      int count = file.read(into.array(), into.arrayOffset() + into.position(), wanted);
      if (count > 0) {
        into.position(into.position() + count);
      }
      return count;
    }
    byte[] bytes = copyBuffer(wanted);
    int count = file.read(bytes, 0, wanted);
    if (count > 0) {
      into.put(bytes, 0, count);
    }
    return count;
  }

  @Override
  public synchronized void write(long offsetBytes, ByteBuffer from) {
    checkWritable();
    int start = from.position();
    try {
      seek(offsetBytes);
      while (from.hasRemaining()) {
        writeSome(from);
      }
      positionBytes = offsetBytes + from.position() - start;
    } catch (IOException e) {
      long at = offsetBytes + from.position() - start;
      throw DiskFailures.ofGrowth(path, "cannot be written at byte " + at, from.remaining(), e);
    }
  }

  /** Moves the position only past what was written. */
  private void writeSome(ByteBuffer from) throws IOException {
    int count = Math.min(CALL_BYTES_MAX, from.remaining());
    if (from.hasArray()) {
      file.write(from.array(), from.arrayOffset() + from.position(), count);
    } else {
      byte[] bytes = copyBuffer(count);
      from.duplicate().get(bytes, 0, count);
      file.write(bytes, 0, count);
    }
    from.position(from.position() + count);
  }

  private byte[] copyBuffer(int wanted) {
    if (copy.length < wanted) {
      copy = new byte[wanted];
    }
    return copy;
  }

  /** What direct writes are to be aligned to. */
  int blockBytes() {
    try {
      long bytes = Files.getFileStore(path).getBlockSize();
      return bytes > 0 && DirectAppender.BLOCK_BYTES % bytes == 0
          ? (int) bytes
          : DirectAppender.BLOCK_BYTES;
    } catch (IOException | UnsupportedOperationException e) {
      return DirectAppender.BLOCK_BYTES;
    }
  }

  /** A channel that reads or writes past the cache; null where the file system knows none. */
  AsynchronousFileChannel openDirect(StandardOpenOption way) {
    locks.namesStay().lock();
    try {
      AsynchronousFileChannel channel =
          AsynchronousFileChannel.open(path, way, ExtendedOpenOption.DIRECT);
      if (fileKey.equals(LockRegistry.fileKey(path))) {
        return channel;
      }
      // Of another file, whose lock its closing may drop: this one is not ours to write.
      locks.close(LockRegistry.fileKey(path), channel);
      return null;
    } catch (IOException | UnsupportedOperationException e) {
      return null;
    } finally {
      locks.namesStay().unlock();
    }
  }

  void closeDirect(AsynchronousFileChannel channel) {
    locks.close(fileKey, channel);
  }

  @Override
  public synchronized void setLength(long lengthBytes) {
    checkWritable();
    try {
      positionBytes = -1;
      file.setLength(lengthBytes);
    } catch (IOException e) {
      throw DiskFailures.of(path, "cannot be set to " + lengthBytes + " bytes", e);
    }
  }

  @Override
  public void sync() {
    checkWritable();
    try {
      descriptor.sync();
    } catch (IOException e) {
      throw DiskFailures.ofSync(path, e);
    }
  }

  private void checkWritable() {
    checkOpen();
    if (!descriptor.isWritable()) {
      throw StorageException.of(Code.READ_ONLY, path, "is opened to read only");
    }
  }

  /** An idle descriptor may serve another opener already, so a closed file must not touch it. */
  private void checkOpen() {
    if (!open) {
      throw StorageException.of(Code.CLOSED, path, "is closed");
    }
  }

  @Override
  public synchronized void close() {
    if (open) {
      open = false;
      copy = new byte[0];
      locks.retire(fileKey, descriptor);
    }
  }
}
