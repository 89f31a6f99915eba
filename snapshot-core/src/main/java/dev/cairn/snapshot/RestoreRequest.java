package dev.cairn.snapshot;

import java.nio.file.Path;

/**
 * What to restore, and into what. Immutable.
 *
 * @param source the snapshot file
 * @param dataDirectory where to, on the same disk; absent, or an empty directory
 * @param format what the database becomes
 * @param skipHashCheck whether the hash is not compared; it may then be missing, too
 * @param dropSequences whether the sequences that a bbolt file may have are left out rather than
 *     refused
 * @param progress is told how far the building of the database is
 */
public record RestoreRequest(
    SnapshotFile source,
    Path dataDirectory,
    StoreFormat format,
    boolean skipHashCheck,
    boolean dropSequences,
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
    return new RestoreRequest(source, dataDirectory, format, false, false, Progress.NONE);
  }

  /**
   * The same, but the hash is neither needed nor compared.
   *
   * @return a changed copy
   */
  public RestoreRequest withoutHashCheck() {
    return new RestoreRequest(source, dataDirectory, format, true, dropSequences, progress);
  }

  /**
   * The same, but sequences are left out.
   *
   * @return a changed copy
   */
  public RestoreRequest withSequencesDropped() {
    return new RestoreRequest(source, dataDirectory, format, skipHashCheck, true, progress);
  }

  /**
   * The same with somebody who is told how far it is.
   *
   * @param newProgress is told
   * @return a changed copy
   */
  public RestoreRequest withProgress(Progress newProgress) {
    return new RestoreRequest(
        source, dataDirectory, format, skipHashCheck, dropSequences, newProgress);
  }
}
