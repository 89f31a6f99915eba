/**
 * etcd's {@code .snap} files: what raft itself has to keep of a snapshot. In etcd 3 the data in it
 * is the old v2 document with the cluster's members; the database is a file of its own.
 *
 * <pre>
 * file  = 08 crc 12 data                 snappb.Snapshot; crc: CRC-32C of the data
 * data  = 0a document 12 metadata        raftpb.Snapshot
 * metadata = 0a configuration 10 index 18 term
 * </pre>
 *
 * <p>A file is named {@code term-index.snap}: two numbers of 16 hex digits.
 */
package dev.cairn.snap;
