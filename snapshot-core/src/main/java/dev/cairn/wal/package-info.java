/**
 * etcd's write-ahead log: its files read and written byte by byte as etcd does.
 *
 * <pre>
 * log     = directory of segments, named seq '-' index ".wal": two numbers of 16 hex digits.
 *           seq rises by 1; index is the first entry expected in the segment
 * segment = record* zeros          preallocated to 64,000,000 bytes; the first record is a crc
 * record  = length body pad        length: 8 bytes, little-endian. Its low 7 bytes: bytes of the
 *                                  body; its top byte: 0x80 + p, or 0 when p is 0
 *                                  pad: p zeros, up to the next multiple of 8
 * length  = 0                      what is preallocated begins: go on with the next segment
 * body    = 08 type 10 crc [1a data]      a protobuf message: two varints, and a length with bytes
 * </pre>
 *
 * <table>
 * <caption>Records</caption>
 * <tr><th>type</th><th>data</th></tr>
 * <tr><td>1 metadata</td><td>{@link dev.cairn.wal.WalMetadata}</td></tr>
 * <tr><td>2 entry</td><td>{@link dev.cairn.wal.Entry}</td></tr>
 * <tr><td>3 state</td><td>{@link dev.cairn.wal.HardState}</td></tr>
 * <tr><td>4 crc</td><td>none</td></tr>
 * <tr><td>5 snapshot</td><td>{@link dev.cairn.wal.SnapshotNote}</td></tr>
 * </table>
 *
 * <p>The crc of a record is the CRC-32C over the data of all records so far, its own included. A
 * segment's first record carries the value with which the segment before it ended, 0 in the first.
 *
 * <h2>The map</h2>
 *
 * <ul>
 *   <li>{@link dev.cairn.wal.Wal}: a log that is written: create, open, save, note a snapshot,
 *       release; and what is done to one that is not open: read, verify, repair, purge. It keeps
 *       threads apart and syncs for all that wait; its segments are {@code SegmentChain}, the one
 *       being written is {@code SegmentTail}, frames and CRCs are {@code RecordWriter}, and {@code
 *       PageBuffer} writes. {@code Replay} has the rules of reading.
 *   <li>{@link dev.cairn.wal.WalReader}: the records one by one, for whoever looks at a log,
 *       damaged ones included.
 *   <li>{@link dev.cairn.wal.WalWriter}: a log of one segment in a directory that somebody else
 *       publishes, as a restore makes it.
 * </ul>
 *
 * <p>Nothing here knows a backend, a store or a network. {@code Wal} is thread-safe; readers and
 * writers of records belong to one thread. Sizes and offsets are bytes. Everything goes through
 * {@link dev.cairn.io.Disk}. Ids, terms and indexes are unsigned.
 *
 * <h2>As in etcd</h2>
 *
 * <p>Every byte of a segment, and where it is cut: a segment ends with the save that finds
 * 64,000,000 bytes of it written; up to 128 KiB in the buffer do not count, so it may be longer. A
 * new log is built in a directory beside its place, a new segment in {@code 0.tmp} or {@code
 * 1.tmp}, and each gets its name when it is durable. A save is synced when it has an entry, or a
 * new term or vote. Entries of a new leader stand behind those that they take the place of. Words
 * such as {@code wal: snapshot mismatch}, {@code walpb: crc mismatch} and {@code unexpected EOF}
 * are in the messages.
 *
 * <h2>What differs</h2>
 *
 * <ul>
 *   <li>Preallocation sets the length and takes no space: a full disk shows when a segment is
 *       written, not when it is begun. The log refuses every call from then on.
 *   <li>What is wiped behind the end on opening, the names in a new log's directory, a repaired
 *       segment's copy and each purged name are synced before anything builds on them. Simulated
 *       power cuts show that each is needed.
 *   <li>A segment that is gone on with is preallocated again, also after a repair.
 *   <li>The hard state that was read stands at the head of the next segment, also when none was
 *       saved since; so the older segments may go.
 *   <li>A gap in the numbers of the segments is damage anywhere, also behind the first one; a cut
 *       record in any but the last segment is damage, and nothing that a repair could mend.
 *   <li>An entry at or before the snapshot takes the place of those that came behind it, as it did
 *       in the log: etcd, which passes it over, brings entries back that a new leader had replaced.
 *   <li>A gap in the indexes of entries, and an entry of about 10 MiB, which etcd 3.4 could not
 *       read again, are refused when they are saved.
 *   <li>A log that is opened at a snapshot which it does not note is refused, also to be written. A
 *       directory with other files in it is not replaced by a new log.
 *   <li>A record longer than 10 MiB is read, up to 64 MiB. Where etcd 3.4 gives up on a length that
 *       reaches behind the end of the file, that is a cut record here, as in 3.6.
 *   <li>Segments are locked by {@link dev.cairn.io.Disk#lock}, whose locks and etcd's respect each
 *       other. Other processes are also kept from a log of which a segment was added while it was
 *       being locked.
 * </ul>
 */
package dev.cairn.wal;
