package dev.cairn.snapshot;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What to restore, and into what. Immutable.
 *
 * @param source the snapshot file
 * @param dataDirectory where to, on the same disk; absent, or an empty directory
 * @param format what the database becomes
 * @param skipHashCheck whether the hash is not compared; it may then be missing, too
 * @param dropSequences whether the sequences that a bbolt file may have are left out rather than
 *     refused
 * @param member the member of a new etcd cluster that is to start on it; empty to restore the
 *     content as it is, with no raft files
 * @param walDirectory where the member's WAL goes; empty for {@code member/wal} in the data
 *     directory
 * @param progress is told how far the building of the database is
 */
public record RestoreRequest(
    SnapshotFile source,
    Path dataDirectory,
    StoreFormat format,
    boolean skipHashCheck,
    boolean dropSequences,
    Optional<NewMember> member,
    Optional<Path> walDirectory,
    Progress progress) {
  /**
   * Compare the hash, refuse sequences, tell nobody.
   *
   * @param source the snapshot file
   * @param dataDirectory where to
   * @param format what the database becomes
   * @return a request
   */
  public static RestoreRequest of(SnapshotFile source, Path dataDirectory, StoreFormat format) {
    return new RestoreRequest(
        source,
        dataDirectory,
        format,
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        Progress.NONE);
  }

  /**
   * The same, but the hash is neither needed nor compared.
   *
   * @return a changed copy
   */
  public RestoreRequest withoutHashCheck() {
    return with(true, dropSequences, member, walDirectory, progress);
  }

  /**
   * The same, but sequences are left out.
   *
   * @return a changed copy
   */
  public RestoreRequest withSequencesDropped() {
    return with(skipHashCheck, true, member, walDirectory, progress);
  }

  /**
   * The same as a member of a new etcd cluster, whose WAL is in the data directory.
   *
   * @param newMember who starts on it
   * @return a changed copy
   */
  public RestoreRequest withMember(NewMember newMember) {
    return with(skipHashCheck, dropSequences, Optional.of(newMember), walDirectory, progress);
  }

  /**
   * The same with the WAL in a directory of its own, which may be on another file system.
   *
   * @param directory must not exist
   * @return a changed copy
   */
  public RestoreRequest withWalDirectory(Path directory) {
    return with(skipHashCheck, dropSequences, member, Optional.of(directory), progress);
  }

  /**
   * The same with somebody who is told how far it is.
   *
   * @param newProgress is told
   * @return a changed copy
   */
  public RestoreRequest withProgress(Progress newProgress) {
    return with(skipHashCheck, dropSequences, member, walDirectory, newProgress);
  }

  private RestoreRequest with(
      boolean skip,
      boolean drop,
      Optional<NewMember> newMember,
      Optional<Path> wal,
      Progress newProgress) {
    return new RestoreRequest(
        source, dataDirectory, format, skip, drop, newMember, wal, newProgress);
  }
}
