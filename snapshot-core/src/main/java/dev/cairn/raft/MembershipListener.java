package dev.cairn.raft;

import java.util.List;

/**
 * Whoever speaks to the other members. After a snapshot has taken effect it is told to forget all
 * of them, and then whom the snapshot names. Called on the applying thread; must not fail.
 */
public interface MembershipListener {
  /** Hears nothing. */
  MembershipListener NONE =
      new MembershipListener() {
        @Override
        public void dropAllPeers() {}

        @Override
        public void addPeer(long memberId, List<String> peerUrls) {}
      };

  /** Forgets every other member. */
  void dropAllPeers();

  /**
   * Gets to know another member.
   *
   * @param memberId unsigned, never the member's own
   * @param peerUrls where the other one listens
   */
  void addPeer(long memberId, List<String> peerUrls);
}
