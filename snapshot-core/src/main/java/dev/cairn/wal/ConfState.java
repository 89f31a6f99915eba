package dev.cairn.wal;

import dev.cairn.etcd.proto.RaftMessages;
import dev.cairn.spi.StorageException;
import java.util.List;

/**
 * Who takes part in agreeing: raftpb.ConfState. While a joint configuration is under way the last
 * three say what it comes from and leads to. Immutable.
 *
 * @param voters ids of those that vote
 * @param learners ids of those that only listen
 * @param votersOutgoing ids of those that voted before, in a joint configuration
 * @param learnersNext ids of voters that become learners at the end of a joint configuration
 * @param autoLeave whether a joint configuration is left without being asked
 */
public record ConfState(
    List<Long> voters,
    List<Long> learners,
    List<Long> votersOutgoing,
    List<Long> learnersNext,
    boolean autoLeave) {
  /**
   * Copies the lists.
   *
   * @param voters ids of those that vote
   * @param learners ids of those that only listen
   * @param votersOutgoing ids of those that voted before
   * @param learnersNext ids of voters that become learners
   * @param autoLeave whether a joint configuration is left without being asked
   */
  public ConfState {
    voters = List.copyOf(voters);
    learners = List.copyOf(learners);
    votersOutgoing = List.copyOf(votersOutgoing);
    learnersNext = List.copyOf(learnersNext);
  }

  /**
   * A plain configuration.
   *
   * @param voters ids of those that vote
   * @return without learners
   */
  public static ConfState of(List<Long> voters) {
    return new ConfState(voters, List.of(), List.of(), List.of(), false);
  }

  /**
   * Whether it is half way between two configurations.
   *
   * @return true when there are outgoing voters
   */
  public boolean isJoint() {
    return !votersOutgoing.isEmpty();
  }

  /**
   * Reads a message raftpb.ConfState.
   *
   * @param bytes not changed
   * @return the configuration
   * @throws StorageException {@code corrupt}
   */
  public static ConfState decode(byte[] bytes) {
    return of(Messages.parse(RaftMessages.ConfState.parser(), bytes, "configuration"));
  }

  static ConfState of(RaftMessages.ConfState message) {
    return new ConfState(
        message.getVotersList(),
        message.getLearnersList(),
        message.getVotersOutgoingList(),
        message.getLearnersNextList(),
        message.getAutoLeave());
  }

  /**
   * Makes a message raftpb.ConfState.
   *
   * @return as etcd encodes it
   */
  public byte[] encode() {
    return message().toByteArray();
  }

  RaftMessages.ConfState message() {
    return RaftMessages.ConfState.newBuilder()
        .addAllVoters(voters)
        .addAllLearners(learners)
        .addAllVotersOutgoing(votersOutgoing)
        .addAllLearnersNext(learnersNext)
        .setAutoLeave(autoLeave)
        .build();
  }
}
