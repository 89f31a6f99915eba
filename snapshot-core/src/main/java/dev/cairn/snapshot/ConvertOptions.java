package dev.cairn.snapshot;

/**
 * How a file is converted. Immutable.
 *
 * @param skipHashCheck whether a snapshot file's hash is not compared first; a file without one is
 *     converted in any case
 * @param dropSequences whether the sequences that a bbolt file may have are left out rather than
 *     refused
 * @param appendHash whether an etcd image gets its SHA-256 behind it, which makes it a snapshot
 *     file; other formats refuse this
 * @param progress is told how far the building of the target is
 */
public record ConvertOptions(
    boolean skipHashCheck, boolean dropSequences, boolean appendHash, Progress progress) {
  /**
   * Compare the hash, refuse sequences, append nothing, tell nobody.
   *
   * @return the defaults
   */
  public static ConvertOptions defaults() {
    return new ConvertOptions(false, false, false, Progress.NONE);
  }

  /**
   * The same, but the hash is not compared.
   *
   * @return a changed copy
   */
  public ConvertOptions withoutHashCheck() {
    return new ConvertOptions(true, dropSequences, appendHash, progress);
  }

  /**
   * The same, but sequences are left out.
   *
   * @return a changed copy
   */
  public ConvertOptions withSequencesDropped() {
    return new ConvertOptions(skipHashCheck, true, appendHash, progress);
  }

  /**
   * The same, with the SHA-256 behind an etcd image.
   *
   * @return a changed copy
   */
  public ConvertOptions withHashAppended() {
    return new ConvertOptions(skipHashCheck, dropSequences, true, progress);
  }

  /**
   * The same with somebody who is told how far it is.
   *
   * @param newProgress is told
   * @return a changed copy
   */
  public ConvertOptions withProgress(Progress newProgress) {
    return new ConvertOptions(skipHashCheck, dropSequences, appendHash, newProgress);
  }
}
