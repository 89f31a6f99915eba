package dev.cairn.wal;

import dev.cairn.etcd.proto.RaftMessages;
import dev.cairn.spi.StorageException;

/**
 * What a member must not forget: raftpb.HardState.
 *
 * @param term the newest it has seen
 * @param vote whom it voted for in that term, 0 for nobody
 * @param commit the last entry known to be agreed on
 */
public record HardState(long term, long vote, long commit) {
  /** Of a member that has seen nothing. It is never written. */
  public static final HardState EMPTY = new HardState(0, 0, 0);

  /**
   * Reads the data of a record.
   *
   * @param bytes not changed
   * @return the state
   * @throws StorageException {@code corrupt}
   */
  public static HardState decode(byte[] bytes) {
    var message = Messages.parse(RaftMessages.HardState.parser(), bytes, "hard state");
    Messages.require(message.hasTerm() && message.hasVote() && message.hasCommit(), "hard state");
    return new HardState(message.getTerm(), message.getVote(), message.getCommit());
  }

  /**
   * Makes the data of a record.
   *
   * @return as etcd encodes it
   */
  public byte[] encode() {
    return RaftMessages.HardState.newBuilder()
        .setTerm(term)
        .setVote(vote)
        .setCommit(commit)
        .build()
        .toByteArray();
  }
}
