package dev.cairn.io;

import dev.cairn.spi.StorageException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of this machine: plain reads and writes under a monitor, syncs beside it. */
final class LocalFile implements DiskFile {
  private static final int COPY_BYTES_MAX = 1 << 18;

  private final Path path;
  private final RandomAccessFile file;
  private final LockRegistry locks;
  private final Object fileKey;
  private final AsynchronousFileChannel syncer;
  private byte[] copy = new byte[0];
  private boolean open = true;

  private LocalFile(
      Path path,
      Object fileKey,
      RandomAccessFile file,
      AsynchronousFileChannel syncer,
      LockRegistry locks) {
    this.path = path;
    this.fileKey = fileKey;
    this.file = file;
    this.syncer = syncer;
    this.locks = locks;
  }

  static LocalFile toRead(Path path, LockRegistry locks) throws IOException {
    Object key = LockRegistry.fileKey(path);
    RandomAccessFile idle = locks.takeIdleReader(key);
    RandomAccessFile file = idle == null ? new RandomAccessFile(path.toFile(), "r") : idle;
    return new LocalFile(path, key, file, null, locks);
  }

  /** The syncing descriptor is opened before any write, so that it hears of every failed one. */
  static LocalFile toWrite(Path path, LockRegistry locks) throws IOException {
    Object key = LockRegistry.fileKey(path);
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    try {
      AsynchronousFileChannel syncer = AsynchronousFileChannel.open(path, StandardOpenOption.WRITE);
      return new LocalFile(path, key, file, syncer, locks);
    } catch (IOException e) {
      locks.close(key, file);
      throw e;
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
      throw LocalDisk.failure(path, "cannot be looked at", e);
    }
  }

  @Override
  public synchronized int read(long offsetBytes, ByteBuffer into) {
    checkOpen();
    int done = 0;
    try {
      file.seek(offsetBytes);
      while (into.hasRemaining()) {
        int count = readSome(into);
        if (count < 0) {
          break;
        }
        done += count;
      }
      return done;
    } catch (IOException e) {
      throw LocalDisk.failure(path, "cannot be read at byte " + (offsetBytes + done), e);
    }
  }

  private int readSome(ByteBuffer into) throws IOException {
    if (into.hasArray()) {
      int count = file.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
      if (count > 0) {
        into.position(into.position() + count);
      }
      return count;
    }
    byte[] bytes = copyBuffer(into.remaining());
    int count = file.read(bytes, 0, Math.min(bytes.length, into.remaining()));
    if (count > 0) {
      into.put(bytes, 0, count);
    }
    return count;
  }

  @Override
  public synchronized void write(long offsetBytes, ByteBuffer from) {
    checkOpen();
    int start = from.position();
    try {
      file.seek(offsetBytes);
      while (from.hasRemaining()) {
        writeSome(from);
      }
    } catch (IOException e) {
      long at = offsetBytes + from.position() - start;
      throw LocalDisk.failure(path, "cannot be written at byte " + at, e);
    }
  }

  private void writeSome(ByteBuffer from) throws IOException {
    if (from.hasArray()) {
      file.write(from.array(), from.arrayOffset() + from.position(), from.remaining());
      from.position(from.limit());
      return;
    }
    byte[] bytes = copyBuffer(from.remaining());
    int count = Math.min(bytes.length, from.remaining());
    from.get(bytes, 0, count);
    file.write(bytes, 0, count);
  }

  private byte[] copyBuffer(int wanted) {
    int size = Math.min(wanted, COPY_BYTES_MAX);
    if (copy.length < size) {
      copy = new byte[size];
    }
    return copy;
  }

  @Override
  public synchronized void setLength(long lengthBytes) {
    checkOpen();
    try {
      file.setLength(lengthBytes);
    } catch (IOException e) {
      throw LocalDisk.failure(path, "cannot be set to " + lengthBytes + " bytes", e);
    }
  }

  @Override
  public void sync() {
    if (syncer == null) {
      throw StorageException.of(StorageException.Code.READ_ONLY, path, "is opened to read only");
    }
    try {
      syncer.force(false);
    } catch (IOException e) {
      throw LocalDisk.failure(path, "cannot be synced", e);
    }
  }

  /** An idle descriptor may serve another opener already, so a closed file must not touch it. */
  private void checkOpen() {
    if (!open) {
      throw StorageException.of(StorageException.Code.CLOSED, path, "is closed");
    }
  }

  @Override
  public synchronized void close() {
    if (!open) {
      return;
    }
    open = false;
    copy = new byte[0];
    if (syncer == null) {
      locks.closeReader(fileKey, file);
    } else {
      locks.close(fileKey, file);
      locks.close(fileKey, syncer);
    }
  }
}
