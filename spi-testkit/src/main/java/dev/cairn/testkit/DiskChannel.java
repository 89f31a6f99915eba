package dev.cairn.testkit;

import dev.cairn.io.DiskFile;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A place in a {@link DiskFile} as a channel that reads or writes onwards; never closes the file.
 */
final class DiskChannel implements ReadableByteChannel, WritableByteChannel {
  private final DiskFile file;
  private long offsetBytes;

  private DiskChannel(DiskFile file, long offsetBytes) {
    this.file = file;
    this.offsetBytes = offsetBytes;
  }

  static DiskChannel at(DiskFile file, long offsetBytes) {
    return new DiskChannel(file, offsetBytes);
  }

  @Override
  public int read(ByteBuffer into) {
    int count = file.read(offsetBytes, into);
    offsetBytes += count;
    return count == 0 && into.hasRemaining() ? -1 : count;
  }

  @Override
  public int write(ByteBuffer from) {
    int count = from.remaining();
    file.write(offsetBytes, from);
    offsetBytes += count;
    return count;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
