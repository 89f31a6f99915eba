package dev.cairn.wal;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.io.DiskLock;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Files that are only read, cheaply, hundreds of thousands of times. Counts those that are open.
 * Whatever would change a file fails the test.
 */
public final class MemoryDisk implements Disk {
  private final Map<Path, byte[]> files = new TreeMap<>();
  private int open;

  /** Puts a file there. */
  public MemoryDisk put(Path path, byte[] bytes) {
    files.put(path, bytes);
    return this;
  }

  /** How many files are open. */
  public int open() {
    return open;
  }

  @Override
  public DiskFile open(Path path, Mode mode) {
    byte[] bytes = files.get(path);
    if (bytes == null) {
      throw StorageException.of(Code.NOT_FOUND, path, "no such file");
    }
    if (mode != Mode.READ) {
      throw new AssertionError("opened to write: " + path);
    }
    open++;
    return new MemoryFile(path, bytes);
  }

  private final class MemoryFile implements DiskFile {
    private final Path path;
    private final byte[] bytes;
    private boolean closed;

    MemoryFile(Path path, byte[] bytes) {
      this.path = path;
      this.bytes = bytes;
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
      int count = (int) Math.max(0, Math.min(into.remaining(), bytes.length - offsetBytes));
      into.put(bytes, (int) Math.min(offsetBytes, bytes.length), count);
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
      open -= closed ? 0 : 1;
      closed = true;
    }
  }

  private static AssertionError changed() {
    return new AssertionError("a reader changes files");
  }

  @Override
  public boolean exists(Path path) {
    return files.containsKey(path);
  }

  @Override
  public boolean isDirectory(Path path) {
    return false;
  }

  @Override
  public long sizeBytes(Path file) {
    return files.get(file).length;
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
    return files.keySet().stream().filter(each -> directory.equals(each.getParent())).toList();
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
}
