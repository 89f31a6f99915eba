/**
 * What raft reads its log from: the storage of etcd's raft library, for a host that keeps a log of
 * its own. The log itself touches no file; {@link dev.cairn.wal} and {@link dev.cairn.snap} do
 * that.
 *
 * <table>
 * <caption>Who is who</caption>
 * <tr><th>here</th><th>in etcd's raft</th></tr>
 * <tr><td>{@link dev.cairn.raft.RaftLog}</td><td>{@code Storage}, six methods</td></tr>
 * <tr><td>{@link dev.cairn.raft.MemoryStorage}</td><td>{@code MemoryStorage}</td></tr>
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
 * <p>A snapshot that a leader sent is applied by {@link dev.cairn.raft.SnapshotApply}: its image
 * takes the database's place, together with every {@link dev.cairn.raft.Component} that is made of
 * it. etcd's are in {@link dev.cairn.raft.EtcdComponents}.
 *
 * <p>Indexes, terms and ids are unsigned.
 */
package dev.cairn.raft;
