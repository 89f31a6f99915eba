package dev.cairn.snap;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;

/** What every image's size is: the first thing by which one that was cut short is known. */
final class ImageSize {
  private static final int UNIT_BYTES = 512;

  private ImageSize() {}

  static void check(long imageBytes) {
    if (imageBytes <= 0 || imageBytes % UNIT_BYTES != 0) {
      throw StorageException.of(
          Code.CORRUPT,
          "%d bytes are no image: its size is a multiple of %d; have it sent again"
              .formatted(imageBytes, UNIT_BYTES));
    }
  }
}
