package dev.cairn.wal;

import dev.cairn.etcd.proto.FileMessages.LogMetadata;
import dev.cairn.spi.StorageException;

/**
 * Whose log it is: etcdserverpb.Metadata, the same in every segment.
 *
 * @param nodeId of the member
 * @param clusterId of its cluster
 */
public record WalMetadata(long nodeId, long clusterId) {
  /**
   * Reads the data of a record.
   *
   * @param bytes not changed
   * @return the ids
   * @throws StorageException {@code corrupt}
   */
  public static WalMetadata decode(byte[] bytes) {
    var message = Messages.parse(LogMetadata.parser(), bytes, "metadata of a log");
    Messages.require(message.hasNodeID() && message.hasClusterID(), "metadata of a log");
    return new WalMetadata(message.getNodeID(), message.getClusterID());
  }

  /**
   * Makes the data of a record.
   *
   * @return as etcd encodes it
   */
  public byte[] encode() {
    return LogMetadata.newBuilder().setNodeID(nodeId).setClusterID(clusterId).build().toByteArray();
  }
}
