package dev.cairn.raft;

import dev.cairn.snap.RaftSnapshot;
import dev.cairn.wal.Entry;
import dev.cairn.wal.HardState;
import dev.cairn.wal.WalMetadata;
import java.util.List;

/**
 * What a start has found. Immutable.
 *
 * @param metadata whose log it is
 * @param snapshot that the start began from; {@link RaftSnapshot#NONE} where the log is whole
 * @param hardState the last one, its commit raised to what the database holds: that a commit rose
 *     is not worth a sync, so the log may have lost it
 * @param appliedIndex the last entry that the database holds
 * @param replay the entries from there to the commit, to be applied before anything else; empty
 *     when there are none
 * @param repaired whether half a record was cut off the end of the log
 * @param imageInstalled whether the image that came with the snapshot has become the database
 */
public record Recovered(
    WalMetadata metadata,
    RaftSnapshot snapshot,
    HardState hardState,
    long appliedIndex,
    List<Entry> replay,
    boolean repaired,
    boolean imageInstalled) {
  /**
   * Keeps the list as it is now.
   *
   * @param metadata whose log it is
   * @param snapshot that the start began from
   * @param hardState the last one
   * @param appliedIndex the last entry that the database holds
   * @param replay the entries from there to the commit
   * @param repaired whether half a record was cut off
   * @param imageInstalled whether an image has become the database
   */
  public Recovered {
    replay = List.copyOf(replay);
  }

  /**
   * Where replay ends.
   *
   * @return the last entry that is known to be agreed on
   */
  public long commit() {
    return hardState.commit();
  }
}
