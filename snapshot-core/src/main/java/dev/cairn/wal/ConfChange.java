package dev.cairn.wal;

import dev.cairn.etcd.proto.RaftMessages;
import dev.cairn.spi.StorageException;
import java.util.List;

/**
 * A change of the configuration: raftpb.ConfChange, which changes one member, or
 * raftpb.ConfChangeV2.
 *
 * @param transition how it is gone over to
 * @param steps what changes; empty to leave a joint configuration
 * @param context for the state machine, in etcd the member as JSON; belongs to the change, not to
 *     be changed
 */
public record ConfChange(Transition transition, List<Step> steps, byte[] context) {
  /** How a change is gone over to. Stands in the order of the numbers that encode it. */
  public enum Transition {
    /** At once where only one member changes, else through a joint configuration. */
    AUTO,
    /** Through a joint configuration that is left without being asked. */
    JOINT_IMPLICIT,
    /** Through a joint configuration that is left by a change without steps. */
    JOINT_EXPLICIT
  }

  /** What happens to a member. Stands in the order of the numbers that encode it. */
  public enum Action {
    /** It votes from now on. */
    ADD_NODE,
    /** It is gone. */
    REMOVE_NODE,
    /** Only its context is new. */
    UPDATE_NODE,
    /** It listens without a vote. */
    ADD_LEARNER_NODE
  }

  /**
   * What happens to one member.
   *
   * @param action what
   * @param nodeId to whom
   */
  public record Step(Action action, long nodeId) {}

  private static final String WHAT = "change of the configuration";
  private static final Action[] ACTIONS = Action.values();
  private static final Transition[] TRANSITIONS = Transition.values();

  /**
   * Copies the list.
   *
   * @param transition how it is gone over to
   * @param steps what changes
   * @param context for the state machine
   */
  public ConfChange {
    steps = List.copyOf(steps);
  }

  /**
   * A change that adds a voter.
   *
   * @param nodeId its id
   * @param context belongs to the change from now on
   * @return a change of one member
   */
  public static ConfChange addNode(long nodeId, byte[] context) {
    return new ConfChange(Transition.AUTO, List.of(new Step(Action.ADD_NODE, nodeId)), context);
  }

  /**
   * Reads the data of an entry.
   *
   * @param entry of a type other than normal
   * @return the change
   * @throws StorageException {@code corrupt}
   */
  public static ConfChange decode(Entry entry) {
    return entry.type() == EntryType.CONF_CHANGE_V2
        ? decodeMany(entry.data())
        : decodeOne(entry.data());
  }

  private static ConfChange decodeOne(byte[] bytes) {
    var message = Messages.parse(RaftMessages.ConfChange.parser(), bytes, WHAT);
    Messages.require(message.hasType() && message.hasNodeID(), WHAT);
    return new ConfChange(
        Transition.AUTO,
        List.of(new Step(ACTIONS[message.getType().getNumber()], message.getNodeID())),
        message.getContext().toByteArray());
  }

  private static ConfChange decodeMany(byte[] bytes) {
    var message = Messages.parse(RaftMessages.ConfChangeV2.parser(), bytes, WHAT);
    return new ConfChange(
        TRANSITIONS[message.getTransition().getNumber()],
        message.getChangesList().stream().map(ConfChange::step).toList(),
        message.getContext().toByteArray());
  }

  private static Step step(RaftMessages.ConfChangeSingle message) {
    Messages.require(message.hasType() && message.hasNodeId(), WHAT);
    return new Step(ACTIONS[message.getType().getNumber()], message.getNodeId());
  }

  /**
   * Makes the data of an entry of type {@link EntryType#CONF_CHANGE}.
   *
   * @return as etcd encodes it
   * @throws IllegalStateException unless it is a plain change of one member
   */
  public byte[] encode() {
    if (steps.size() != 1 || transition != Transition.AUTO) {
      throw new IllegalStateException("a change of " + steps.size() + " members, " + transition);
    }
    Step step = steps.get(0);
    var message =
        RaftMessages.ConfChange.newBuilder()
            .setID(0)
            .setType(RaftMessages.ConfChangeType.forNumber(step.action().ordinal()))
            .setNodeID(step.nodeId());
    if (context.length > 0) {
      message.setContext(Messages.wrap(context));
    }
    return message.build().toByteArray();
  }
}
