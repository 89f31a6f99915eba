package dev.cairn.engine.bbolt;

import dev.cairn.spi.Batch;
import java.util.Arrays;
import java.util.List;

/**
 * Changes of one tree in the order of their keys.
 *
 * @param keys rising
 * @param values one for each key, null where it is deleted
 * @param flags of the elements that are put
 */
record Edits(byte[][] keys, byte[][] values, int flags) {
  static Edits of(Batch.Change change) {
    byte[][] keys = new byte[change.size()][];
    byte[][] values = new byte[change.size()][];
    Arrays.setAll(keys, change::key);
    Arrays.setAll(values, change::value);
    return new Edits(keys, values, 0);
  }

  static Edits ofBuckets(List<byte[]> names, List<byte[]> headers) {
    return new Edits(
        names.toArray(byte[][]::new), headers.toArray(byte[][]::new), Layout.ELEMENT_BUCKET);
  }

  int size() {
    return keys.length;
  }

  byte[] key(int index) {
    return keys[index];
  }

  byte[] value(int index) {
    return values[index];
  }

  /** The first from one on whose key is not less than that of a page's element, or an end. */
  int firstNotLess(Page page, int element, int from, int end) {
    int low = from;
    int high = end;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (page.compareKey(element, keys[middle]) > 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
