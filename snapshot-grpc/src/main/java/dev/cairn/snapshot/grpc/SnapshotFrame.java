package dev.cairn.snapshot.grpc;

import java.nio.ByteBuffer;

/**
 * One message of the stream.
 *
 * @param remainingBytes bytes of the image still to come behind this blob; 0 with the hash, too
 * @param blob from its position to its limit, which stay as they are
 * @param version the storage version of the content, from 3.6 on; empty where there is none
 * @param whenTaken runs once the transport has copied the blob or dropped it: only then may the
 *     buffer change. Netty copies within the call that sends; the in-process transport leaves that
 *     to the receiver's thread, whenever it asks.
 */
record SnapshotFrame(long remainingBytes, ByteBuffer blob, String version, Runnable whenTaken) {
  /** No message is larger, whatever the chunk size; etcd's own clients refuse above that. */
  static final int FRAME_BYTES_MAX = 2 << 20;

  /** Field 2 as a varint, fields 3 and 4 as bytes. */
  static final int REMAINING_TAG = 2 << 3;

  static final int BLOB_TAG = 3 << 3 | 2;

  static final int VERSION_TAG = 4 << 3 | 2;

  /** One of a content without a version. */
  SnapshotFrame(long remainingBytes, ByteBuffer blob, Runnable whenTaken) {
    this(remainingBytes, blob, "", whenTaken);
  }
}
