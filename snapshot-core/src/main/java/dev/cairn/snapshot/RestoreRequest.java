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
 * @param progress is told how far the building of the database is
 */
public record RestoreRequest(
    SnapshotFile source,
    Path dataDirectory,
    StoreFormat format,
    boolean skipHashCheck,
    boolean dropSequences,
    Optional<NewMember> member,
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
        source, dataDirectory, format, false, false, Optional.empty(), Progress.NONE);
  }

  /**
   * The same, but the hash is neither needed nor compared.
   *
   * @return a changed copy
   */
  public RestoreRequest withoutHashCheck() {
    return with(true, dropSequences, member, progress);
  }

  /**
   * The same, but sequences are left out.
   *
   * @return a changed copy
   */
  public RestoreRequest withSequencesDropped() {
    return with(skipHashCheck, true, member, progress);
  }

  /**
   * The same as a member of a new etcd cluster.
   *
   * @param newMember who starts on it
   * @return a changed copy
   */
  public RestoreRequest withMember(NewMember newMember) {
    return with(skipHashCheck, dropSequences, Optional.of(newMember), progress);
  }

  /**
   * The same with somebody who is told how far it is.
   *
   * @param newProgress is told
   * @return a changed copy
   */
  public RestoreRequest withProgress(Progress newProgress) {
    return with(skipHashCheck, dropSequences, member, newProgress);
  }

  private RestoreRequest with(
      boolean skip, boolean drop, Optional<NewMember> newMember, Progress newProgress) {
    return new RestoreRequest(source, dataDirectory, format, skip, drop, newMember, newProgress);
  }
}
