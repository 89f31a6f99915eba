package dev.cairn.raft;

import dev.cairn.snap.RaftSnapshot;
import dev.cairn.wal.Entry;
import java.util.List;

/**
 * What raft reads: the entries that are still kept, the newest snapshot, and what a member must not
 * forget. Implementations are thread-safe: raft reads on one thread while its host appends on
 * another one.
 *
 * <p>Beside the answers of {@link RaftLogException} a method may throw what its medium throws; a
 * member whose log fails takes no further part.
 */
public interface RaftLog {
  /**
   * What raft starts from.
   *
   * @return hard state, and configuration as of {@link #snapshot()}
   */
  InitialState initialState();

  /**
   * Entries in order, as many as fit.
   *
   * @param lo index of the first one; from {@link #firstIndex()} to {@code hi}
   * @param hi index behind the last one; at most {@link #lastIndex()} + 1
   * @param bytesMax how many bytes they may have together, encoded as etcd does; the first one is
   *     there whatever its size
   * @return never changed afterwards, nor to be changed, nor their data; empty only when {@code lo}
   *     is {@code hi}
   * @throws RaftLogException {@code COMPACTED} for a {@code lo} below the first entry, {@code
   *     UNAVAILABLE} for a log without entries
   * @throws IllegalArgumentException when {@code hi} is past the end or below {@code lo}
   */
  List<Entry> entries(long lo, long hi, long bytesMax);

  /**
   * The term of an entry, or of the one before the first.
   *
   * @param index from {@link #firstIndex()} - 1 to {@link #lastIndex()}
   * @return the term
   * @throws RaftLogException {@code COMPACTED} for an older one, {@code UNAVAILABLE} for a newer
   *     one
   */
  long term(long index);

  /**
   * Where the entries begin; what is older is in the snapshot.
   *
   * @return from 1; {@link #lastIndex()} + 1 when there are none
   */
  long firstIndex();

  /**
   * Where the log ends.
   *
   * @return the index of the last entry, or of the one before the first when there are none
   */
  long lastIndex();

  /**
   * The newest snapshot.
   *
   * @return {@link RaftSnapshot#NONE} when there is none yet
   * @throws RaftLogException {@code SNAPSHOT_TEMPORARILY_UNAVAILABLE}
   */
  RaftSnapshot snapshot();
}
