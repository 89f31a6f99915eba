/**
 * A raft host of one node. {@link dev.cairn.examples.raft.RaftHost} is the host; {@code Keys} is
 * its state machine, which keeps keys as etcd does. There is no raft in it, as one node agrees with
 * itself: what a library of raft would say is ready, the host makes up.
 */
package dev.cairn.examples.raft;
