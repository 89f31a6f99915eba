package dev.cairn.snapshot;

import dev.cairn.io.DiskFile;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Reads a file from its start to the end of its image. Leaves the file open. */
final class ImageChannel implements ReadableByteChannel {
  private final DiskFile file;
  private final long imageBytes;
  private long readBytes;

  ImageChannel(DiskFile file, long imageBytes) {
    this.file = file;
    this.imageBytes = imageBytes;
  }

  @Override
  public int read(ByteBuffer into) {
    if (readBytes == imageBytes) {
      return -1;
    }
    int count = (int) Math.min(into.remaining(), imageBytes - readBytes);
    ByteBuffer part = into.slice(into.position(), count);
    file.readFully(readBytes, part);
    into.position(into.position() + count);
    readBytes += count;
    return count;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
