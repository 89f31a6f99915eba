package dev.cairn.snapshot.grpc;

import java.util.List;

/**
 * What a server tells about itself. Ids and raft figures are unsigned and 0 where it has none.
 *
 * @param version of the server
 * @param revision the newest revision of its store
 * @param dbSizeBytes length of its store's file
 * @param dbSizeInUseBytes how much of that is in use
 * @param clusterId its cluster
 * @param memberId the member that answered
 * @param leaderId the member it takes for the leader
 * @param raftTerm its term
 * @param raftIndex the last committed entry it knows
 * @param raftAppliedIndex the last entry its store holds
 * @param learner whether it has no vote
 * @param errors what it complains of, empty when all is well; unmodifiable
 */
public record MemberStatus(
    String version,
    long revision,
    long dbSizeBytes,
    long dbSizeInUseBytes,
    long clusterId,
    long memberId,
    long leaderId,
    long raftTerm,
    long raftIndex,
    long raftAppliedIndex,
    boolean learner,
    List<String> errors) {}
