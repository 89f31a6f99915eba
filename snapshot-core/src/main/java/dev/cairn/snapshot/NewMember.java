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
 * @param adapts whether the snapshot tells for which etcd it is, whatever the cluster says, and a
 *     content that is not etcd's is restored as it is, with no raft files, rather than refused
 */
public record NewMember(
    NewCluster cluster, Optional<Path> walDirectory, long revisionBump, boolean adapts) {
  /**
   * Checks the bump.
   *
   * @param cluster as above
   * @param walDirectory as above
   * @param revisionBump as above
   * @param adapts as above
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
    return new NewMember(cluster, Optional.empty(), 0, false);
  }

  /**
   * The same with its WAL elsewhere.
   *
   * @param directory must not exist
   * @return a changed copy
   */
  public NewMember withWalDirectory(Path directory) {
    return new NewMember(cluster, Optional.of(directory), revisionBump, adapts);
  }

  /**
   * The same with the revision moved on.
   *
   * @param by how far
   * @return a changed copy
   */
  public NewMember withRevisionBump(long by) {
    return new NewMember(cluster, walDirectory, by, adapts);
  }

  /**
   * The same, but adapting to the snapshot.
   *
   * @return a changed copy
   */
  public NewMember adapting() {
    return new NewMember(cluster, walDirectory, revisionBump, true);
  }
}
