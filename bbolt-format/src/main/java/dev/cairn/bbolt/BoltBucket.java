package dev.cairn.bbolt;

/**
 * A bucket of a file, at any depth.
 *
 * @param path the names from the top level down, joined by {@code /}; a name that is not printable
 *     ASCII, or holds a slash, as {@code 0x} and hex digits
 * @param rootPage where its tree starts, or 0 when it is inline
 * @param sequence its counter, unsigned
 * @param elements keys and buckets directly in it
 * @param subBuckets how many of them are buckets
 */
public record BoltBucket(
    String path, long rootPage, long sequence, long elements, long subBuckets) {
  /**
   * Whether it stands wholly within its parent.
   *
   * @return true when it has no page of its own
   */
  public boolean inline() {
    return rootPage == 0;
  }
}
