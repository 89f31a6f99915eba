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
 * <p>Everything goes through {@link dev.cairn.io.Disk}. Ids, terms and indexes are unsigned.
 */
package dev.cairn.wal;
