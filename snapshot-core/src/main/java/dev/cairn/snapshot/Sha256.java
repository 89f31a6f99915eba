package dev.cairn.snapshot;

import dev.cairn.io.Disk;
import dev.cairn.io.DiskFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash behind every image. */
final class Sha256 {
  static final int SIZE_BYTES = 32;

  /** Images are a multiple of this, so a file with a hash leaves {@link #SIZE_BYTES} over. */
  static final int IMAGE_UNIT_BYTES = 512;

  private static final int READ_BYTES = 1 << 20;

  private Sha256() {}

  static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java platform has SHA-256", missing);
    }
  }

  /** The hash of the first bytes of a file. */
  static byte[] ofImage(Disk disk, Path file, long imageBytes, Progress progress) {
    MessageDigest digest = start();
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(READ_BYTES, Math.max(1, imageBytes)));
    try (DiskFile open = disk.open(file, Disk.Mode.READ)) {
      ImageChannel image = new ImageChannel(open, imageBytes);
      long doneBytes = 0;
      while (image.read(buffer.clear()) >= 0) {
        doneBytes += buffer.position();
        digest.update(buffer.flip());
        progress.update(doneBytes, imageBytes);
      }
    }
    return digest.digest();
  }

  /** Whether a file or stream of this length ends with a hash. */
  static boolean follows(long sizeBytes) {
    return sizeBytes % IMAGE_UNIT_BYTES == SIZE_BYTES;
  }
}
