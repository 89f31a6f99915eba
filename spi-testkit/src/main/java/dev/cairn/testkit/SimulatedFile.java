package dev.cairn.testkit;

import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** An open file of a {@link SimulatedDisk}. Guarded by the disk. */
final class SimulatedFile implements DiskFile {
  private final SimulatedDisk disk;
  private final Path path;
  private final SimulatedContent content;
  private final boolean writable;
  private boolean open = true;

  SimulatedFile(SimulatedDisk disk, Path path, SimulatedContent content, boolean writable) {
    this.disk = disk;
    this.path = path;
    this.content = content;
    this.writable = writable;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public long sizeBytes() {
    synchronized (disk) {
      checkOpen();
      return content.lengthBytes();
    }
  }

  @Override
  public int read(long offsetBytes, ByteBuffer into) {
    synchronized (disk) {
      checkOpen();
      return disk.read(path, content, offsetBytes, into);
    }
  }

  @Override
  public void write(long offsetBytes, ByteBuffer from) {
    synchronized (disk) {
      checkWritable();
      if (from.hasRemaining()) {
        disk.write(path, content, offsetBytes, from);
      }
    }
  }

  @Override
  public void setLength(long lengthBytes) {
    synchronized (disk) {
      checkWritable();
      disk.setLength(path, content, lengthBytes);
    }
  }

  @Override
  public void sync() {
    synchronized (disk) {
      checkWritable();
      disk.sync(path, content);
    }
  }

  private void checkWritable() {
    checkOpen();
    if (!writable) {
      throw StorageException.of(Code.READ_ONLY, path, "is opened to read only");
    }
  }

  private void checkOpen() {
    disk.checkPower();
    if (!open) {
      throw StorageException.of(Code.CLOSED, path, "is closed");
    }
  }

  @Override
  public void close() {
    synchronized (disk) {
      if (open) {
        open = false;
        disk.closed(this);
      }
    }
  }
}
