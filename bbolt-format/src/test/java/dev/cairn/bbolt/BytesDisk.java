package dev.cairn.bbolt;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** One file in memory, to read; counts the reads. Whatever else is asked of the disk fails. */
final class BytesDisk {
  static final Path PATH = Path.of("bytes.db");

  private final byte[] bytes;
  private long reads;
  private long readBytes;

  BytesDisk(byte[] bytes) {
    this.bytes = bytes;
  }

  static BoltFile open(byte[] bytes) {
    return new BytesDisk(bytes).open();
  }

  BoltFile open() {
    return BoltFile.open(disk(), PATH, bytes.length);
  }

  Disk disk() {
    return (Disk)
        Proxy.newProxyInstance(
            BytesDisk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (self, method, arguments) -> {
              if (method.getName().equals("open") && arguments[1] == Disk.Mode.READ) {
                return openFile();
              }
              throw new UnsupportedOperationException("a reader must not call " + method);
            });
  }

  DiskFile openFile() {
    return new OpenFile();
  }

  long reads() {
    return reads;
  }

  long readBytes() {
    return readBytes;
  }

  private final class OpenFile implements DiskFile {
    private volatile boolean closed;

    @Override
    public Path path() {
      return PATH;
    }

    @Override
    public long sizeBytes() {
      return bytes.length;
    }

    @Override
    public int read(long offsetBytes, ByteBuffer into) {
      if (closed) {
        throw StorageException.of(Code.CLOSED, PATH, "is closed");
      }
      reads++;
      int length = (int) Math.max(0, Math.min(bytes.length - offsetBytes, into.remaining()));
      into.put(bytes, length == 0 ? 0 : (int) offsetBytes, length);
      readBytes += length;
      return length;
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) {
      throw unsupported();
    }

    @Override
    public void setLength(long lengthBytes) {
      throw unsupported();
    }

    @Override
    public void sync() {
      throw unsupported();
    }

    private UnsupportedOperationException unsupported() {
      return new UnsupportedOperationException("a reader must not change its file");
    }
  }
}
