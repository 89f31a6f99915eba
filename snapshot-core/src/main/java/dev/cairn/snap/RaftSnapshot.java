package dev.cairn.snap;

import dev.cairn.wal.ConfState;
import java.util.List;

/**
 * What raft keeps of a snapshot: raftpb.Snapshot.
 *
 * @param index of the last entry that it holds, from 1
 * @param term of that entry
 * @param confState the configuration as of that entry
 * @param data the v2 document, in JSON; belongs to the snapshot, not to be changed
 */
public record RaftSnapshot(long index, long term, ConfState confState, byte[] data) {
  /** That there is none, with index 0. It is never written. */
  public static final RaftSnapshot NONE =
      new RaftSnapshot(0, 0, ConfState.of(List.of()), new byte[0]);
}
