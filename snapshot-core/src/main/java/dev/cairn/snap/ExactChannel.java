package dev.cairn.snap;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Passes on as many bytes as were announced, and no other number. */
final class ExactChannel implements WritableByteChannel {
  private final WritableByteChannel out;
  private final long announcedBytes;
  private long passedBytes;

  ExactChannel(WritableByteChannel out, long announcedBytes) {
    this.out = out;
    this.announcedBytes = announcedBytes;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int count = from.remaining();
    if (count > announcedBytes - passedBytes) {
      throw notAsAnnounced(passedBytes + count);
    }
    Channels.writeFully(out, from);
    passedBytes += count;
    return count;
  }

  void checkWhole() {
    if (passedBytes != announcedBytes) {
      throw notAsAnnounced(passedBytes);
    }
  }

  private StorageException notAsAnnounced(long bytes) {
    return StorageException.of(
        Code.CORRUPT,
        "the image has %d bytes and announced %d; the snapshot is not sent"
            .formatted(bytes, announcedBytes));
  }

  @Override
  public boolean isOpen() {
    return out.isOpen();
  }

  /** What is beneath stays open: more may follow. */
  @Override
  public void close() {}
}
