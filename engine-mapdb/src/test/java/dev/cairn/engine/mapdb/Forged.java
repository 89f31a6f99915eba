package dev.cairn.engine.mapdb;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Images that somebody has changed with care: every checksum of ours is right. */
final class Forged {
  private Forged() {}

  /** Changes a few bytes, most of them where there are some, and corrects the checksums. */
  static byte[] image(byte[] image, SplittableRandom random) {
    byte[] bytes = image.clone();
    long pages = ImageFormat.pageCount(image.length);
    for (int changes = 1 + random.nextInt(30); changes > 0; changes--) {
      int at = place(bytes, (int) pages * Pages.PAGE_BYTES, random);
      bytes[at] =
          (byte) (random.nextBoolean() ? bytes[at] ^ 1 << random.nextInt(8) : random.nextInt());
    }
    correct(bytes, (int) pages);
    return bytes;
  }

  /** Half of them in the head and the index, which come first. */
  private static int place(byte[] bytes, int size, SplittableRandom random) {
    int reach = random.nextBoolean() ? 40_000 : size;
    for (int tries = 0; tries < 100; tries++) {
      int at = random.nextInt(reach);
      if (bytes[at] != 0) {
        return at;
      }
    }
    return random.nextInt(reach);
  }

  private static void correct(byte[] bytes, int pages) {
    ByteBuffer sums = ByteBuffer.allocate(pages * ImageFormat.SUM_BYTES);
    for (int page = 0; page < pages; page++) {
      int at = page * Pages.PAGE_BYTES;
      sums.putInt(ImageFormat.sum(Arrays.copyOfRange(bytes, at, at + Pages.PAGE_BYTES)));
    }
    int sumsAt = pages * Pages.PAGE_BYTES;
    System.arraycopy(sums.array(), 0, bytes, sumsAt, sums.capacity());
    byte[] footer = ImageFormat.footer(pages, ImageFormat.sum(sums.array()));
    System.arraycopy(footer, 0, bytes, sumsAt + sums.capacity(), footer.length);
  }
}
