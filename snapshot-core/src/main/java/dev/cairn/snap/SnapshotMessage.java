package dev.cairn.snap;

import dev.cairn.etcd.proto.RaftMessages;
import dev.cairn.etcd.proto.RaftMessages.MessageType;
import dev.cairn.spi.StorageException;
import dev.cairn.spi.StorageException.Code;

/**
 * How a leader hands a snapshot to a follower: raftpb.Message of type MsgSnap, as etcd 3.4 encodes
 * it. Immutable.
 *
 * @param to id of the member that lacks the entries
 * @param from id of the leader
 * @param term of the leader, now
 * @param snapshot what raft needs to know of it; not {@link RaftSnapshot#NONE}
 */
public record SnapshotMessage(long to, long from, long term, RaftSnapshot snapshot) {
  /**
   * Checks the snapshot.
   *
   * @param to id of the member that lacks the entries
   * @param from id of the leader
   * @param term of the leader, now
   * @param snapshot what raft needs to know of it
   * @throws IllegalArgumentException for a snapshot of nothing
   */
  public SnapshotMessage {
    if (snapshot.index() == 0) {
      throw new IllegalArgumentException("a snapshot of no entry");
    }
  }

  /**
   * Reads a message.
   *
   * @param bytes not changed
   * @return the message
   * @throws StorageException {@code corrupt} for bytes that are no such message; {@code limit} for
   *     a configuration of more than 1 MiB
   */
  public static SnapshotMessage decode(byte[] bytes) {
    RaftMessages.Message message =
        SnapshotMessages.parse(RaftMessages.Message.parser(), SnapshotMessages.wrap(bytes))
            .orElseThrow(() -> corrupt("the bytes are no message of raft's"));
    if (!message.hasType()) {
      throw corrupt("wrong raft message type: it carries no snapshot");
    }
    if (!message.hasTo() || !message.hasFrom() || !message.hasTerm()) {
      throw corrupt("the message does not say from whom it is, or to whom");
    }
    return new SnapshotMessage(
        message.getTo(), message.getFrom(), message.getTerm(), snapshot(message));
  }

  private static RaftSnapshot snapshot(RaftMessages.Message message) {
    return SnapshotMessages.decode(message.getSnapshot())
        .filter(snapshot -> snapshot.index() != 0)
        .orElseThrow(() -> corrupt("the message does not say of which entry its snapshot is"));
  }

  private static StorageException corrupt(String what) {
    return StorageException.of(Code.CORRUPT, what);
  }

  /**
   * Makes the message.
   *
   * @return as etcd encodes it, with the fields that raft does not use here
   */
  public byte[] encode() {
    return RaftMessages.Message.newBuilder()
        .setType(MessageType.MsgSnap)
        .setTo(to)
        .setFrom(from)
        .setTerm(term)
        .setLogTerm(0)
        .setIndex(0)
        .setCommit(0)
        .setSnapshot(SnapshotMessages.encode(snapshot))
        .setReject(false)
        .setRejectHint(0)
        .build()
        .toByteArray();
  }
}
