package dev.cairn.engine.mapdb;

import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The native image: a file of MapDB as it is, with checksums behind it that MapDB does not look at.
 * All numbers are big-endian.
 *
 * <pre>
 * image  = page*, sum of each page, footer
 * footer = "cairnmdi", u32 format version, u64 pages, sum of the sums, sum of the footer,
 *          zeros to 512 bytes
 * </pre>
 *
 * A sum is a CRC32C.
 */
final class ImageFormat {
  static final int FOOTER_BYTES = 512;
  static final int SUM_BYTES = 4;
  private static final byte[] MAGIC = "cairnmdi".getBytes(StandardCharsets.US_ASCII);
  private static final int STEP_BYTES = Pages.PAGE_BYTES + SUM_BYTES;

  private ImageFormat() {}

  static long sizeBytes(long pages) {
    return pages * STEP_BYTES + FOOTER_BYTES;
  }

  /** How many pages an image of a size has, or -1 when no image has that size. */
  static long pageCount(long sizeBytes) {
    long pages = (sizeBytes - FOOTER_BYTES) / STEP_BYTES;
    boolean fits = sizeBytes == sizeBytes(pages) && pages % Pages.GROWTH_PAGES == 0;
    return fits && pages > 0 ? pages : -1;
  }

  static int sum(byte[] page) {
    return sum(page, 0, page.length);
  }

  private static int sum(byte[] bytes, int from, int count) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, from, count);
    return (int) sum.getValue();
  }

  static byte[] footer(long pages, int sumOfSums) {
    ByteBuffer footer = ByteBuffer.allocate(FOOTER_BYTES);
    footer.put(MAGIC).putInt(PageFile.FORMAT_VERSION).putLong(pages).putInt(sumOfSums);
    return footer.putInt(sum(footer.array(), 0, footer.position())).array();
  }

  /**
   * Checks what stands at an image's end.
   *
   * @return the sum of the sums
   */
  static int checkFooter(byte[] footer, long pages, Path path) {
    ByteBuffer fields = ByteBuffer.wrap(footer);
    int sumOfSums = fields.getInt(MAGIC.length + 4 + 8);
    if (Arrays.equals(footer, footer(pages, sumOfSums))) {
      return sumOfSums;
    }
    int version = fields.getInt(MAGIC.length);
    boolean ours = Arrays.equals(footer, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    int sumAt = MAGIC.length + 4 + 8 + 4;
    if (ours
        && version > PageFile.FORMAT_VERSION
        && fields.getInt(sumAt) == sum(footer, 0, sumAt)) {
      throw StorageException.of(
          Code.UNSUPPORTED,
          path,
          "has format version %d, and this build knows 1 to %d; use a newer Cairn"
              .formatted(version, PageFile.FORMAT_VERSION));
    }
    throw StorageException.corrupt(
        path, pages * STEP_BYTES, "the image's end is damaged or cut short");
  }
}
