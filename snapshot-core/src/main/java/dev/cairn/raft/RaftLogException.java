package dev.cairn.raft;

/**
 * An answer of a log that has not got what was asked for. Answers are part of raft's normal course
 * (a leader that is told {@code COMPACTED} sends a snapshot instead), so a host switches over
 * {@link #reason()}, and they carry no stack. The message is etcd's text and the numbers.
 */
public final class RaftLogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The closed list of answers. */
  public enum Reason {
    /** etcd's {@code ErrCompacted}: older than the first entry; a snapshot holds it. */
    COMPACTED("requested index is unavailable due to compaction"),
    /** etcd's {@code ErrUnavailable}: newer than the last entry. */
    UNAVAILABLE("requested entry at index is unavailable"),
    /** etcd's {@code ErrSnapOutOfDate}: the snapshot that is there is as new, or newer. */
    SNAPSHOT_OUT_OF_DATE("requested index is older than the existing snapshot"),
    /**
     * etcd's {@code ErrSnapshotTemporarilyUnavailable}: ask again later. For logs that make their
     * snapshots when they are asked; {@link MemoryStorage} never answers so.
     */
    SNAPSHOT_TEMPORARILY_UNAVAILABLE("snapshot is temporarily unavailable");

    private final String text;

    Reason(String text) {
      this.text = text;
    }
  }

  private final Reason reason;

  /**
   * An answer.
   *
   * @param reason which one
   * @param details what was asked for and what is there, for the message
   */
  public RaftLogException(Reason reason, String details) {
    super(reason.text + ": " + details, null, false, false);
    this.reason = reason;
  }

  /**
   * Which answer.
   *
   * @return one of the closed list
   */
  public Reason reason() {
    return reason;
  }
}
