package dev.cairn.raft;

import dev.cairn.io.DiskFile;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** An image in a file, from its first byte to its last. The file stays open. */
final class ImageInput implements ReadableByteChannel {
  private final DiskFile file;
  private long offsetBytes;

  ImageInput(DiskFile file) {
    this.file = file;
  }

  @Override
  public int read(ByteBuffer into) {
    if (!into.hasRemaining()) {
      return 0;
    }
    int count = file.read(offsetBytes, into);
    offsetBytes += Math.max(0, count);
    return count <= 0 ? -1 : count;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {
    // The file belongs to the caller.
  }
}
