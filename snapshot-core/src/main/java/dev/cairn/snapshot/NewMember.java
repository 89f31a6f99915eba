package dev.cairn.snapshot;

import dev.cairn.etcd.NewCluster;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The member of a new etcd cluster that is to start on a restored database.
 *
 * @param cluster whose member it is
 * @param walDirectory where its WAL goes, which must not exist yet and may be on another file
 *     system; empty for {@code member/wal} in the data directory
 * @param revisionBump how far the revision is moved on, everything before then counting as
 *     compacted; 0: not at all
 * @param targetOfSnapshot whether the snapshot tells for which etcd it is, whatever the cluster
 *     says
 * @param required whether a content that is not etcd's is refused, rather than restored as it is
 *     with no raft files
 */
public record NewMember(
    NewCluster cluster,
    Optional<Path> walDirectory,
    long revisionBump,
    boolean targetOfSnapshot,
    boolean required) {
  /**
   * Checks the bump.
   *
   * @param cluster as above
   * @param walDirectory as above
   * @param revisionBump as above
   * @param targetOfSnapshot as above
   * @param required as above
   * @throws IllegalArgumentException for a negative bump
   */
  public NewMember {
    if (revisionBump < 0) {
      throw new IllegalArgumentException("a revision is not moved by " + revisionBump);
    }
  }

  /**
   * One with its WAL in the data directory and the revision as it is.
   *
   * @param cluster whose member it is
   * @return the member
   */
  public static NewMember of(NewCluster cluster) {
    return new NewMember(cluster, Optional.empty(), 0, false, true);
  }

  /**
   * The same with its WAL elsewhere.
   *
   * @param directory must not exist
   * @return a changed copy
   */
  public NewMember withWalDirectory(Path directory) {
    return new NewMember(cluster, Optional.of(directory), revisionBump, targetOfSnapshot, required);
  }

  /**
   * The same with the revision moved on.
   *
   * @param by how far
   * @return a changed copy
   */
  public NewMember withRevisionBump(long by) {
    return new NewMember(cluster, walDirectory, by, targetOfSnapshot, required);
  }

  /**
   * The same for the etcd that wrote the snapshot.
   *
   * @return a changed copy
   */
  public NewMember withTargetOfSnapshot() {
    return new NewMember(cluster, walDirectory, revisionBump, true, required);
  }

  /**
   * The same, but a content that is not etcd's is restored as it is.
   *
   * @return a changed copy
   */
  public NewMember whereEtcd() {
    return new NewMember(cluster, walDirectory, revisionBump, targetOfSnapshot, false);
  }
}
