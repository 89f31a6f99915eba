package dev.cairn.snapshot;

/** Is told how far a long piece of work has come, on the thread that does it; should be quick. */
@FunctionalInterface
public interface Progress {
  /** Tells nobody. */
  Progress NONE = (doneBytes, totalBytes) -> {};

  /**
   * Some more is done.
   *
   * @param doneBytes how much is done, never falling
   * @param totalBytes how much there is
   */
  void update(long doneBytes, long totalBytes);
}
