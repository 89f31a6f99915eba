package dev.cairn.wal;

import java.util.List;

/**
 * What a log holds from a snapshot on.
 *
 * @param metadata whose log it is
 * @param hardState the last one; {@link HardState#EMPTY} when none was saved
 * @param entries those behind the snapshot, without a gap, as the last save of each index left
 *     them; empty when a consumer was given them. Not to be changed
 * @param end where the log ends, and whether a cut record follows
 */
public record WalContent(
    WalMetadata metadata, HardState hardState, List<Entry> entries, WalEnd end) {
  /**
   * Keeps the list as it is now.
   *
   * @param metadata whose log it is
   * @param hardState the last one
   * @param entries copied
   * @param end where the log ends
   * @throws NullPointerException for null
   */
  public WalContent {
    entries = List.copyOf(entries);
  }
}
