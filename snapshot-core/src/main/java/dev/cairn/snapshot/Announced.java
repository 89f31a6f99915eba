package dev.cairn.snapshot;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;

/**
 * Holds a sender to what it announces. The image's length is the first chunk and what is announced
 * to remain after it; from then on every announcement follows from the one before. Only a first
 * chunk with nothing remaining leaves it open whether the hash is already in it.
 */
final class Announced {
  private boolean started;
  private long imageBytesMin;
  private long imageBytesMax;
  private long remainingBytes;
  private long receivedBytes;

  void next(int chunkBytes, long nowRemainingBytes) {
    if (!started) {
      start(chunkBytes, nowRemainingBytes);
    } else {
      checkNext(chunkBytes, nowRemainingBytes);
    }
    receivedBytes += chunkBytes;
    remainingBytes = nowRemainingBytes;
    if (receivedBytes > imageBytesMax + Sha256.SIZE_BYTES) {
      throw corrupt(
          "the snapshot was announced with %d bytes and a hash, and %d came already"
              .formatted(imageBytesMax, receivedBytes));
    }
  }

  private void start(int chunkBytes, long nowRemainingBytes) {
    long total = chunkBytes + nowRemainingBytes;
    if (nowRemainingBytes < 0 || total < 0) {
      throw corrupt("the snapshot announces " + nowRemainingBytes + " bytes to come");
    }
    started = true;
    imageBytesMax = total;
    boolean hashMayBeIn = nowRemainingBytes == 0;
    imageBytesMin = hashMayBeIn ? Math.max(0, total - Sha256.SIZE_BYTES) : total;
  }

  private void checkNext(int chunkBytes, long nowRemainingBytes) {
    long expected = Math.max(0, remainingBytes - chunkBytes);
    if (nowRemainingBytes != expected) {
      throw corrupt(
          "after %d bytes the snapshot announces %d more, and should announce %d"
              .formatted(receivedBytes + chunkBytes, nowRemainingBytes, expected));
    }
  }

  void checkEnd(long totalBytes) {
    if (totalBytes == 0) {
      throw corrupt("the snapshot is empty");
    }
    long imageBytes = totalBytes - Sha256.SIZE_BYTES;
    if (imageBytes < imageBytesMin || imageBytes > imageBytesMax) {
      throw corrupt(
          "the snapshot ends after %d bytes; %d and a hash of 32 were announced"
              .formatted(totalBytes, imageBytesMax));
    }
  }

  long imageBytesMax() {
    return imageBytesMax;
  }

  private static StorageException corrupt(String what) {
    return StorageException.of(Code.CORRUPT, what + "; save it again");
  }
}
