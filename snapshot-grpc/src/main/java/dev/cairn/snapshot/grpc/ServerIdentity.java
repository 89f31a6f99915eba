package dev.cairn.snapshot.grpc;

/**
 * Who a server is in its cluster, and how far its log has come: what a store does not tell of
 * itself. Ids are unsigned, and 0 where there is none.
 *
 * @param clusterId its cluster
 * @param memberId itself
 * @param leaderId the member that leads; a member that is its whole cluster leads it
 * @param raftTerm the term of the log
 * @param raftIndex the last entry that is committed
 */
public record ServerIdentity(
    long clusterId, long memberId, long leaderId, long raftTerm, long raftIndex) {
  /** A store that belongs to no cluster. */
  public static final ServerIdentity NONE = new ServerIdentity(0, 0, 0, 0, 0);
}
