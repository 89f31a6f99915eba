package dev.cairn.engine.bbolt;

/**
 * The first bytes of all keys of a page, side by side: a search among them touches two or three
 * lines of memory, where one among the keys themselves touches two for each look.
 *
 * <p>An array of longs: how many bytes at the start of all keys are left out, then 8 bytes of each
 * key, big-endian, with zeros behind a shorter one.
 */
final class KeyHeads {
  private static final int FIRST = 1;

  private KeyHeads() {}

  /** What they cost beside the page. */
  static int costBytes(int count) {
    return (FIRST + count) * Long.BYTES;
  }

  /** The heads of a whole page that has keys, and was checked. */
  static long[] of(Page page) {
    long[] heads = of(page, 0);
    int common = page.commonKeyBytes();
    return common == 0 || rise(heads) ? heads : of(page, common);
  }

  private static long[] of(Page page, int skipped) {
    long[] heads = new long[FIRST + page.count()];
    heads[0] = skipped;
    for (int i = 0; i < page.count(); i++) {
      heads[FIRST + i] = page.keyHead(i, skipped);
    }
    return heads;
  }

  private static boolean rise(long[] heads) {
    for (int i = FIRST + 1; i < heads.length; i++) {
      if (heads[i - 1] == heads[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The first index from one on whose key is not less than a key, or is above it; the count when
   * there is none.
   *
   * @param above whether a key that is equal is passed by
   */
  static int search(Page page, long[] heads, byte[] key, int from, boolean above) {
    int skipped = (int) heads[0];
    int low = from;
    int high = heads.length - FIRST;
    if (skipped > 0 && low < high) {
      int side = page.compareKeyStart(0, skipped, key);
      if (side != 0) {
        return side < 0 ? high : low;
      }
    }
    long head = head(key, skipped, key.length);
    while (low < high) {
      int middle = (low + high) >>> 1;
      int compared = Long.compareUnsigned(heads[FIRST + middle], head);
      if (compared == 0) {
        compared = page.compareKey(middle, key);
      }
      if (compared < 0 || compared == 0 && above) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The 8 bytes at a place, or as many as there are before an end. */
  static long head(byte[] bytes, int from, int end) {
    if (end - from >= Long.BYTES) {
      return Long.reverseBytes(Page.longAt(bytes, from));
    }
    long head = 0;
    for (int i = from; i < end; i++) {
      head |= (bytes[i] & 0xffL) << (Long.SIZE - Byte.SIZE * (1 + i - from));
    }
    return head;
  }
}
