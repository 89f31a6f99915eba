/**
 * What a host of raft embeds: {@link dev.cairn.raft.RaftMember}, a member's directory with its log,
 * its snapshots and its database; and what raft reads its log from, the storage of etcd's raft
 * library. Raft itself is the host's.
 *
 * <table>
 * <caption>Who is who</caption>
 * <tr><th>here</th><th>in etcd and its raft</th></tr>
 * <tr><td>{@link dev.cairn.raft.RaftMember}</td><td>what {@code EtcdServer} and its {@code raftNode}
 * do with files: start, save, apply, snapshot</td></tr>
 * <tr><td>{@link dev.cairn.raft.RaftFiles}</td><td>the server's {@code Storage}: WAL and {@code
 * Snapshotter}</td></tr>
 * <tr><td>{@link dev.cairn.raft.RaftLog}</td><td>{@code Storage}, six methods</td></tr>
 * <tr><td>{@link dev.cairn.raft.MemoryStorage}</td><td>{@code MemoryStorage}</td></tr>
 * <tr><td>{@link dev.cairn.raft.SnapshotApply}</td><td>the server's {@code applySnapshot}</td></tr>
 * <tr><td>{@link dev.cairn.raft.InitialState}</td><td>what {@code InitialState} returns</td></tr>
 * <tr><td>{@link dev.cairn.raft.RaftLogException}</td><td>{@code ErrCompacted}, {@code
 * ErrUnavailable}, {@code ErrSnapOutOfDate}, {@code ErrSnapshotTemporarilyUnavailable}</td></tr>
 * </table>
 *
 * <pre>
 *  1 ........ 4   5   6   7   8   9        indexes
 *             |   |---------------|        entries, firstIndex 5 to lastIndex 9
 *             |                            the entry before them: its term alone is known
 *  |------|                                snapshot(), here of index 3; it may also be ahead of 4
 * </pre>
 *
 * <p>What differs: where etcd panics because its caller is wrong (a gap behind the log, an index
 * past its end) there is an {@link java.lang.IllegalArgumentException}, and nothing has changed;
 * entries that are appended must follow each other, which etcd does not look at; a snapshot of an
 * index that compaction has left behind is answered with {@code COMPACTED}, where etcd reads out of
 * bounds; and entries are handed out as lists of their own, so that none of them keeps what was
 * compacted in memory, where etcd's are windows of one array.
 *
 * <h2>A member</h2>
 *
 * <pre>
 * open      database -> snapshots that the log notes -> the newest .snap of them -> the database, or
 *           the image that came with the snapshot where the database is older -> log behind the
 *           snapshot, half a record at its end cut off -> MemoryStorage -> membership
 * persist   log (and before it a received snapshot: .snap, then the log's note) -> MemoryStorage
 * apply     entries in order, each with its position in the same commit -> membership -> trigger
 * trigger   database durable -> .snap -> the log's note, synced -> MemoryStorage forgets ->
 *           segments and images are let go -> old files are deleted
 * </pre>
 *
 * <p>So the newest snapshot that a start finds is never ahead of the database, or its image is
 * there; and the log reaches back to it. Each arrow was cut by the simulated disk.
 *
 * <p>What differs from etcd: the database is locked before anything is tidied; a received image is
 * copied into the database's place and deleted after that, not renamed, so that it may be of any
 * engine; a log that ends before what the database holds, or before its own commit, is refused; the
 * members of a snapshot's document are written anew from the log, without the history of events;
 * and a change through a joint configuration, which etcd never makes, is refused.
 *
 * <p>A snapshot that a leader sent is applied by {@link dev.cairn.raft.SnapshotApply}: its image
 * takes the database's place, together with every {@link dev.cairn.raft.Component} that is made of
 * it. etcd's are in {@link dev.cairn.raft.EtcdComponents}.
 *
 * <p>Indexes, terms and ids are unsigned.
 */
package dev.cairn.raft;
