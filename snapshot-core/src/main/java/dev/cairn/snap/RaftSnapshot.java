package dev.cairn.snap;

import dev.cairn.wal.ConfState;

/**
 * What raft keeps of a snapshot: raftpb.Snapshot.
 *
 * @param index of the last entry that it holds, from 1
 * @param term of that entry
 * @param confState the configuration as of that entry
 * @param data the v2 document, in JSON; belongs to the snapshot, not to be changed
 */
public record RaftSnapshot(long index, long term, ConfState confState, byte[] data) {}
