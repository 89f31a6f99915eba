package dev.cairn.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;

/** Passes everything on, counting and hashing it on the way. */
final class HashingChannel implements WritableByteChannel {
  private final WritableByteChannel out;
  private final Progress progress;
  private final long totalBytes;
  private final MessageDigest digest = Sha256.start();
  private long writtenBytes;

  HashingChannel(WritableByteChannel out, long totalBytes, Progress progress) {
    this.out = out;
    this.totalBytes = totalBytes;
    this.progress = progress;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int count = from.remaining();
    digest.update(from.duplicate());
    while (from.hasRemaining()) {
      out.write(from);
    }
    writtenBytes += count;
    progress.update(writtenBytes, totalBytes);
    return count;
  }

  /** What was written; ends the hashing. */
  Received received() {
    return Received.of(writtenBytes, digest.digest());
  }

  @Override
  public boolean isOpen() {
    return out.isOpen();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
