package dev.cairn.snapshot;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.DiskLock;
import dev.cairn.spi.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A disk with one file in the heap, to be read; whoever changes anything fails. */
public final class OneFileDisk implements Disk {
  private final byte[] bytes;
  private int open;

  public OneFileDisk(byte[] bytes) {
    this.bytes = bytes;
  }

  /** How many times the file is open. */
  public int openCount() {
    return open;
  }

  @Override
  public DiskFile open(Path file, Mode mode) {
    if (mode != Mode.READ) {
      throw changed();
    }
    open++;
    return new OneFile(file);
  }

  private static AssertionError changed() {
    return new AssertionError("a check changes nothing");
  }

  @Override
  public boolean exists(Path path) {
    return true;
  }

  @Override
  public boolean isDirectory(Path path) {
    return false;
  }

  @Override
  public long sizeBytes(Path file) {
    return bytes.length;
  }

  @Override
  public void rename(Path from, Path to) {
    throw changed();
  }

  @Override
  public void renameNew(Path from, Path to) {
    throw changed();
  }

  @Override
  public void delete(Path path) {
    throw changed();
  }

  @Override
  public List<Path> list(Path directory) {
    return List.of();
  }

  @Override
  public void createDirectory(Path directory) {
    throw changed();
  }

  @Override
  public void syncDirectory(Path directory) {
    throw changed();
  }

  @Override
  public DiskLock lock(Path file, boolean shared) {
    throw changed();
  }

  @Override
  public long freeBytes(Path directory) {
    return 0;
  }

  private final class OneFile implements DiskFile {
    private final Path path;
    private boolean closed;

    OneFile(Path path) {
      this.path = path;
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public long sizeBytes() {
      return bytes.length;
    }

    @Override
    public int read(long offsetBytes, ByteBuffer into) {
      if (closed) {
        throw StorageException.of(StorageException.Code.CLOSED, path, "is closed");
      }
      int count = (int) Math.max(0, Math.min(into.remaining(), bytes.length - offsetBytes));
      if (count > 0) {
        into.put(bytes, (int) offsetBytes, count);
      }
      return count;
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) {
      throw changed();
    }

    @Override
    public void setLength(long lengthBytes) {
      throw changed();
    }

    @Override
    public void sync() {
      throw changed();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open--;
      }
    }
  }
}
