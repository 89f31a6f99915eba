package dev.cairn.etcd;

/**
 * What the flags of a restore say of the new cluster, not yet looked at. Immutable.
 *
 * @param name of the member that is restored
 * @param initialCluster all members: {@code name=url,name=url}; a member of several URLs has
 *     several pairs
 * @param token sets the cluster apart from others with the same URLs
 * @param peerUrls of the member that is restored: {@code url,url}
 * @param target for which etcd
 */
public record ClusterFlags(
    String name, String initialCluster, String token, String peerUrls, TargetVersion target) {
  /** The token of a cluster that is given none. */
  public static final String DEFAULT_TOKEN = "etcd-cluster";

  /**
   * What etcdctl 3.4 restores without flags: one member on this machine.
   *
   * @return the defaults
   */
  public static ClusterFlags defaults() {
    return new ClusterFlags(
        "default",
        "default=http://localhost:2380",
        DEFAULT_TOKEN,
        "http://localhost:2380",
        TargetVersion.V3_4);
  }

  /**
   * The same for another member.
   *
   * @param newName of the member
   * @return a changed copy
   */
  public ClusterFlags withName(String newName) {
    return new ClusterFlags(newName, initialCluster, token, peerUrls, target);
  }

  /**
   * The same with other members.
   *
   * @param newInitialCluster all members
   * @return a changed copy
   */
  public ClusterFlags withInitialCluster(String newInitialCluster) {
    return new ClusterFlags(name, newInitialCluster, token, peerUrls, target);
  }

  /**
   * The same with another token.
   *
   * @param newToken of the cluster
   * @return a changed copy
   */
  public ClusterFlags withToken(String newToken) {
    return new ClusterFlags(name, initialCluster, newToken, peerUrls, target);
  }

  /**
   * The same with other URLs of the member.
   *
   * @param newPeerUrls of the member
   * @return a changed copy
   */
  public ClusterFlags withPeerUrls(String newPeerUrls) {
    return new ClusterFlags(name, initialCluster, token, newPeerUrls, target);
  }

  /**
   * The same for another etcd.
   *
   * @param newTarget which
   * @return a changed copy
   */
  public ClusterFlags withTarget(TargetVersion newTarget) {
    return new ClusterFlags(name, initialCluster, token, peerUrls, newTarget);
  }
}
