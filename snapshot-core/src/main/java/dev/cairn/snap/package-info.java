/**
 * A member's snapshots, as etcd keeps and sends them: {@code .snap} files, which are what raft
 * itself has to keep of a snapshot; {@code .snap.db} files, which are images that a leader sent;
 * and the body in which it sends one. In etcd 3 the data in a {@code .snap} is the old v2 document
 * with the cluster's members; the database is a file of its own.
 *
 * <pre>
 * file  = 08 crc 12 data                 snappb.Snapshot; crc: CRC-32C of the data
 * data  = 0a document 12 metadata        raftpb.Snapshot
 * metadata = 0a configuration 10 index 18 term
 * </pre>
 *
 * <table>
 * <caption>Names in the directory</caption>
 * <tr><th>name</th><th>what it is</th></tr>
 * <tr><td>{@code term-index.snap}</td><td>two numbers of 16 hex digits; a snapshot</td></tr>
 * <tr><td>{@code index.snap.db}</td><td>an image as it was received; to become the database</td></tr>
 * <tr><td>{@code *.broken}</td><td>a {@code .snap} that was damaged; never looked at again</td></tr>
 * <tr><td>{@code tmp*}, {@code *.snap.part}</td><td>unfinished; gone at the next start. etcd, too,
 * removes the first ones</td></tr>
 * <tr><td>{@code db}</td><td>the database, not of this package</td></tr>
 * </table>
 *
 * <table>
 * <caption>Who is who</caption>
 * <tr><th>here</th><th>in etcd</th></tr>
 * <tr><td>{@link dev.cairn.snap.Snapshotter}</td><td>{@code Snapshotter}; also the purging that a
 * server does beside it</td></tr>
 * <tr><td>{@link dev.cairn.snap.SnapFile}</td><td>its {@code save} and {@code Read}</td></tr>
 * <tr><td>{@link dev.cairn.snap.SnapshotBody}</td><td>{@code POST /raft/snapshot}: both ends without
 * the HTTP around them</td></tr>
 * <tr><td>{@link dev.cairn.snap.SnapshotMessage}</td><td>{@code raftpb.Message} of type {@code
 * MsgSnap}</td></tr>
 * </table>
 *
 * <p>What differs:
 *
 * <ul>
 *   <li>etcd writes a {@code .snap} under its own name and does not sync the directory. The log
 *       then notes that it is there, but a power cut may have left half of it, or nothing. Here it
 *       is written aside, synced, renamed, and the directory is synced; so is an image's.
 *   <li>etcd sets aside whatever it fails to read, also where the disk failed for a moment. Here
 *       only damage is set aside; other failures end the search.
 *   <li>What purging must leave is not known by locks but told by the caller.
 *   <li>Images may be of any engine. Their size must be one that an image can have, and there must
 *       be room for it. Nothing proves what an image holds: whoever opens it has to look.
 *   <li>Files and messages of more than 64 MiB and configurations of more than 1 MiB are refused,
 *       so that nobody is made to run out of memory; etcd takes messages of 1 GiB.
 * </ul>
 */
package dev.cairn.snap;
