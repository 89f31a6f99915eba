package dev.cairn.snap;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;

/**
 * An image on its way from a channel to its name: it has a passing one until it is whole and
 * synced. Closed before that it leaves nothing. One thread at a time.
 */
final class IncomingImage implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Disk disk;
  private final Path temporary;
  private final DiskFile file;
  private long sizeBytes;
  private boolean passing = true;

  IncomingImage(Disk disk, Path temporary) {
    this.disk = disk;
    this.temporary = temporary;
    this.file = disk.open(temporary, Disk.Mode.CREATE_NEW);
  }

  /** Takes so many bytes and looks for no more. */
  void takeExactly(ReadableByteChannel in, long imageBytes) throws IOException {
    int bufferBytes = (int) Math.min(BUFFER_BYTES, imageBytes);
    ByteBuffer buffer = ByteBuffer.allocate(bufferBytes);
    while (sizeBytes < imageBytes) {
      buffer.clear().limit((int) Math.min(bufferBytes, imageBytes - sizeBytes));
      if (!Channels.fill(in, buffer)) {
        throw StorageException.of(
            Code.UNAVAILABLE,
            "the image ended after %d of %d bytes; have it sent again"
                .formatted(sizeBytes + buffer.position(), imageBytes));
      }
      append(buffer.flip());
    }
  }

  /** Takes all that comes; the size is not known before. */
  void takeAll(ReadableByteChannel in) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    boolean more = true;
    while (more) {
      more = Channels.fill(in, buffer.clear());
      append(buffer.flip());
    }
    ImageSize.check(sizeBytes);
  }

  private void append(ByteBuffer bytes) {
    int count = bytes.remaining();
    file.write(sizeBytes, bytes);
    sizeBytes += count;
  }

  /**
   * Gives it its name, durably. A name that is taken stays with the file that has it, which came
   * here in the same way and holds the same; but nobody knows whether its name was made durable.
   */
  void publish(Path target) {
    file.sync();
    file.close();
    try {
      disk.renameNew(temporary, target);
      passing = false;
    } catch (StorageException e) {
      if (e.code() != Code.EXISTS) {
        throw e;
      }
    }
    disk.syncDirectory(target.getParent());
  }

  @Override
  public void close() {
    file.close();
    if (passing) {
      disk.delete(temporary);
    }
  }
}
