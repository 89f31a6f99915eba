package dev.cairn.store;

/**
 * How far a replicated log has been applied to a store.
 *
 * @param index of the last entry applied, 0 when there is none
 * @param term of that entry, 0 when there is none
 */
public record Applied(long index, long term) {
  /** Nothing has been applied. */
  public static final Applied NONE = new Applied(0, 0);

  /**
   * Checks the figures.
   *
   * @param index as above
   * @param term as above
   * @throws IllegalArgumentException when one is negative
   */
  public Applied {
    if (index < 0 || term < 0) {
      throw new IllegalArgumentException(
          "applied index " + index + ", term " + term + ": negative");
    }
  }

  /** Whether this stands behind another: neither figure may ever fall. */
  boolean isBehind(Applied other) {
    return index < other.index || term < other.term;
  }
}
